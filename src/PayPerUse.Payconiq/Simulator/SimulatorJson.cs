using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>Answers of the simulated API.</summary>
internal static class SimulatorJson
{
    public static IResult Result(JsonObject json, int status = StatusCodes.Status200OK) =>
        Results.Text(json.ToJsonString(), "application/json", statusCode: status);

    /// <summary>A payment with its creditor and links, as creating, reading and searching tell it.</summary>
    public static JsonObject Payment(
        SimulatedPayment payment,
        SimulatorAddresses addresses,
        PayconiqSimulatorOptions options,
        bool isNew = false
    )
    {
        var json = payment.ToJson();
        if (isNew)
        {
            // The API's own inconsistency, kept.
            var expiry = json["expireAt"]!.GetValue<string>();
            json.Remove("expireAt");
            json["expiresAt"] = expiry;
        }

        json["creditor"] = new JsonObject
        {
            ["profileId"] = options.ProfileId,
            ["merchantId"] = options.ProfileId,
            ["name"] = options.MerchantName,
            ["iban"] = "*************00000",
            ["callbackUrl"] = payment.CallbackUrl?.AbsoluteUri,
        };
        var self = PayconiqAddress.Append(addresses.Local, "v3/payments/" + payment.Id).AbsoluteUri;
        var page = addresses.PayPage(payment.Id).AbsoluteUri;
        var links = new JsonObject
        {
            ["self"] = Link(self),
            ["deeplink"] = Link(page),
            ["qrcode"] = Link(
                PayconiqAddress.Append(addresses.Public, "qrcode").AbsoluteUri + "?c=" + Uri.EscapeDataString(page)
            ),
            ["checkout"] = Link(page),
        };
        if (payment.IsOpen)
        {
            links["cancel"] = Link(self);
        }
        else if (payment.Status == "SUCCEEDED")
        {
            links["refund"] = Link(self + "/refunds");
        }

        json["_links"] = links;
        return json;
    }

    private static JsonObject Link(string address) => new() { ["href"] = address };
}
