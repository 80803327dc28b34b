using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using PayPerUse.Payments;
using PayPerUse.Stripe.Wire;

namespace PayPerUse.Stripe;

/// <summary>Asks Stripe whether our settings are right: key, permissions, clock and webhook endpoint. Makes nothing, moves no money.</summary>
internal sealed class StripeDiagnosis(
    StripeTransport transport,
    IEnumerable<IPaymentAddresses> addresses,
    TimeProvider clock
)
{
    // Writing cannot be tried without making something; who may not even read may not write either.
    private static readonly ImmutableArray<(StripeCall Call, string Path)> Questions =
    [
        (new("list Checkout Sessions", "Checkout Sessions: Write"), "/v1/checkout/sessions"),
        (new("list payment intents", "PaymentIntents: Read"), "/v1/payment_intents"),
        (new("list charges", "Charges: Read"), "/v1/charges"),
        (new("list refunds", "Refunds (Charges): Write"), "/v1/refunds"),
        (StripeCall.ListDisputes, "/v1/disputes"),
        (StripeCall.ListEvents, "/v1/events"),
    ];

    private static readonly StripeCall ListEndpoints = new("list webhook endpoints", "Webhook Endpoints: Read");

    public async Task<ImmutableArray<DoctorFinding>> DiagnoseAsync(CancellationToken cancellationToken)
    {
        var findings = new List<DoctorFinding>();
        DateTimeOffset? date = null;
        foreach (var (call, path) in Questions)
        {
            var answer = await AskAsync(call, path + "?limit=1", cancellationToken).ConfigureAwait(false);
            findings.Add(answer.Finding);
            date = answer.Date ?? date;
            answer.Body?.Dispose();
        }

        if (date is { } theirs)
        {
            findings.Add(OfClock(theirs));
        }

        findings.Add(await OfEndpointAsync(cancellationToken).ConfigureAwait(false));
        return [.. findings];
    }

    private async Task<(DoctorFinding Finding, JsonDocument? Body, DateTimeOffset? Date)> AskAsync(
        StripeCall call,
        string path,
        CancellationToken cancellationToken
    )
    {
        var subject = "stripe " + call.Permission;
        try
        {
            var (body, date) = await transport.ReadAsync(call, path, cancellationToken).ConfigureAwait(false);
            return (new(DoctorVerdict.Good, subject, "Stripe:ApiKey may read this."), body, date);
        }
        catch (PaymentProviderException e)
        {
            return (new(DoctorVerdict.Bad, subject, e.Message), null, null);
        }
    }

    private DoctorFinding OfClock(DateTimeOffset theirs)
    {
        var off = (clock.GetUtcNow() - theirs).Duration();
        var seconds = off.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return off < StripeDefaults.SignatureTolerance / 5
            ? new(DoctorVerdict.Good, "stripe clock", $"This host's clock is within {seconds} s of Stripe's.")
            : new(
                off < StripeDefaults.SignatureTolerance ? DoctorVerdict.Warning : DoctorVerdict.Bad,
                "stripe clock",
                $"This host's clock is {seconds} s off Stripe's; from 300 s on webhooks are refused as too old: set the clock (NTP)."
            );
    }

    private async Task<DoctorFinding> OfEndpointAsync(CancellationToken cancellationToken)
    {
        const string subject = "stripe webhook endpoint";
        string address;
        try
        {
            address =
                addresses.FirstOrDefault()?.Callback(StripeDefaults.ProviderId).AbsoluteUri
                ?? throw new PayPerUseException(
                    "This app has no public address; call MapPayPerUse and set PayPerUse:PublicUrl."
                );
        }
        catch (PayPerUseException e)
        {
            return new(DoctorVerdict.Warning, subject, e.Message);
        }

        var (finding, body, _) = await AskAsync(ListEndpoints, "/v1/webhook_endpoints?limit=100", cancellationToken)
            .ConfigureAwait(false);
        using (body)
        {
            return body is null
                ? new(
                    DoctorVerdict.Warning,
                    subject,
                    $"Its settings cannot be read, so compare them with docs/stripe.md by hand. {finding.Message}"
                )
                : WebhookSettings.Judge(body.RootElement, address, subject);
        }
    }
}
