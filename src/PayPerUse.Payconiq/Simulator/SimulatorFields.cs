using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>The fields of a control, from a form or from JSON.</summary>
internal static class SimulatorFields
{
    /// <summary>Reads the fields, and from which page a form was sent; or the error to answer.</summary>
    public static async Task<(JsonObject Fields, string? Page, IResult? Error)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (request.HasFormContentType)
        {
            var form = await SimulatorForm.ReadAsync(request, cancellationToken).ConfigureAwait(false);
            var fields = new JsonObject();
            foreach (var (name, value) in form.Where(f => f.Key != "page"))
            {
                fields[name] = value.ToString();
            }

            return (fields, form["page"].FirstOrDefault(), null);
        }

        var (bytes, tooLong) = await SimulatorApi.ReadBytesAsync(request, cancellationToken).ConfigureAwait(false);
        if (tooLong is not null || bytes.Length == 0)
        {
            return ([], null, tooLong);
        }

        var (body, error) = SimulatorApi.Parse(bytes);
        return error is null ? (JsonObject.Create(body.Clone())!, null, null) : ([], null, error);
    }

    public static JsonObject ToJson(PayconiqSimulatorWeather weather) =>
        (JsonObject)JsonSerializer.SerializeToNode(weather, WeatherWire.Default.PayconiqSimulatorWeather)!;

    /// <summary>The weather with the named fields changed; or what is wrong with one of them.</summary>
    public static (PayconiqSimulatorWeather? Weather, string? Error) ToWeather(
        JsonObject fields,
        PayconiqSimulatorWeather before
    )
    {
        var json = ToJson(before);
        foreach (var (name, value) in fields)
        {
            if (!json.ContainsKey(name))
            {
                return (
                    null,
                    $"{PayconiqText.Quote(name)} is no weather; these are: {string.Join(", ", json.Select(f => f.Key))}."
                );
            }

            json[name] =
                value?.GetValueKind() == JsonValueKind.String ? FromForm(value.ToString()) : value?.DeepClone();
        }

        try
        {
            var weather = json.Deserialize(WeatherWire.Default.PayconiqSimulatorWeather)!;
            return weather.FindErrors().FirstOrDefault() is { } error ? (null, error) : (weather, null);
        }
        catch (JsonException e)
        {
            return (null, $"{e.Path?.TrimStart('$', '.')} must be a whole number, true or false.");
        }
    }

    private static JsonNode? FromForm(string text) =>
        text.Length == 0 ? null
        : text is "true" or "false" ? bool.Parse(text)
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : text;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(PayconiqSimulatorWeather))]
internal sealed partial class WeatherWire : JsonSerializerContext;
