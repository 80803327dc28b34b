using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PayPerUse.Payconiq.Wire;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>
/// What whoever sits at this machine sees and does beyond paying: state, weather, keys, portal refunds. As a page with forms, and as
/// JSON for scripts.
/// </summary>
internal sealed class SimulatorControls(
    PayconiqSimulator bank,
    SimulatorSky sky,
    SimulatorKeys keys,
    SimulatorJournal journal,
    SimulatorAddresses addresses,
    IOptions<PayconiqSimulatorOptions> options,
    TimeProvider clock
)
{
    /// <summary>The value of the field <c>page</c> in forms of the board.</summary>
    public const string BoardPage = "board";

    public static IResult Css(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Text(SimulatorBoard.Css, "text/css; charset=utf-8");
    }

    public IResult Board(HttpContext context)
    {
        SimulatorPages.Protect(context.Response, returnUrl: null);
        return SimulatorPages.Html(
            SimulatorBoard.Of(bank.All().Take(100), journal.Read(), sky.Weather, keys.Ids, clock.GetUtcNow()),
            StatusCodes.Status200OK
        );
    }

    public IResult State()
    {
        var now = clock.GetUtcNow();
        return SimulatorJson.Result(
            new JsonObject
            {
                ["weather"] = WeatherJson(),
                ["keys"] = new JsonArray([.. keys.Ids.Select(id => (JsonNode)id)]),
                ["payments"] = new JsonArray([
                    .. bank.All()
                        .Select(p =>
                        {
                            var json = SimulatorJson.Payment(p, addresses, options.Value);
                            json["refunds"] = new JsonArray([.. p.Refunds.Select(r => (JsonNode)r.ToJson(now))]);
                            return (JsonNode)json;
                        }),
                ]),
                ["callbacks"] = new JsonArray([
                    .. journal
                        .Read()
                        .Select(c =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["at"] = PayconiqTime.Write(c.At),
                                    ["paymentId"] = c.PaymentId,
                                    ["status"] = c.Status,
                                    ["outcome"] = c.Outcome,
                                }
                        ),
                ]),
            }
        );
    }

    /// <summary>Changes the fields that are named; <c>{}</c> changes nothing, and <c>{"calm":true}</c> ends all weather first.</summary>
    public async Task<IResult> SetWeatherAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (fields, page, error) = await SimulatorFields.ReadAsync(request, cancellationToken).ConfigureAwait(false);
        if (error is not null)
        {
            return error;
        }

        var isCalm = fields.Remove("calm", out var calm) && calm?.ToString() is "true" or "on";
        var (next, refusal) = SimulatorFields.ToWeather(fields, isCalm ? new() : sky.Weather);
        if (next is null)
        {
            return SimulatorErrors.Field("FIELD_IS_INVALID", refusal!);
        }

        sky.Weather = next;
        return page == BoardPage ? ToBoard(request) : SimulatorJson.Result(WeatherJson());
    }

    public Task<IResult> RotateKeysAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ChangeKeysAsync(request, keys.Rotate, cancellationToken);

    public Task<IResult> RetireKeysAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ChangeKeysAsync(request, keys.RetireOld, cancellationToken);

    public async Task<IResult> RingAsync(HttpRequest request, string paymentId, CancellationToken cancellationToken)
    {
        var page = await SimulatorForm.PageAsync(request, cancellationToken).ConfigureAwait(false);
        return bank.RingAgain(paymentId) is not { } payment ? SimulatorErrors.NotFound
            : page == BoardPage ? ToBoard(request)
            : SimulatorJson.Result(SimulatorJson.Payment(payment, addresses, options.Value));
    }

    /// <summary>Refunds in the portal: <c>{"amount":40}</c>, in cents; without an amount, all that is left.</summary>
    public async Task<IResult> RefundAsync(HttpRequest request, string paymentId, CancellationToken cancellationToken)
    {
        var (fields, page, error) = await SimulatorFields.ReadAsync(request, cancellationToken).ConfigureAwait(false);
        if (error is not null)
        {
            return error;
        }

        var text = fields["amount"]?.ToString();
        var cents =
            string.IsNullOrEmpty(text) ? bank.Find(paymentId)?.Kept ?? 0
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : 0;
        var (refund, code) = bank.Refund(paymentId, cents, description: null, key: null);
        return refund is null ? SimulatorErrors.Refund(code!)
            : page == BoardPage ? ToBoard(request)
            : SimulatorJson.Result(refund.ToJson(clock.GetUtcNow()), StatusCodes.Status201Created);
    }

    public async Task<IResult> FailRefundAsync(
        HttpRequest request,
        string paymentId,
        string refundId,
        CancellationToken cancellationToken
    )
    {
        var page = await SimulatorForm.PageAsync(request, cancellationToken).ConfigureAwait(false);
        return bank.FailRefund(paymentId, refundId) is not { } refund ? SimulatorErrors.RefundNotFound
            : page == BoardPage ? ToBoard(request)
            : refund.IsFailed ? SimulatorJson.Result(refund.ToJson(clock.GetUtcNow()))
            : SimulatorErrors.Refund("REFUND_NOT_PENDING");
    }

    private async Task<IResult> ChangeKeysAsync(HttpRequest request, Action change, CancellationToken cancellationToken)
    {
        var page = await SimulatorForm.PageAsync(request, cancellationToken).ConfigureAwait(false);
        change();
        return page == BoardPage ? ToBoard(request) : SimulatorJson.Result(keys.ToJwks());
    }

    public static IResult ToBoard(HttpRequest request) =>
        SimulatorPages.SeeOther(request.HttpContext.Response, request.PathBase + SimulatorAddresses.Path);

    private JsonObject WeatherJson() => SimulatorFields.ToJson(sky.Weather);
}
