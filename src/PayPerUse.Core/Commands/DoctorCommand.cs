using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Commands;

/// <summary><c>doctor</c>: settings, database, webhook address, clock and providers, without moving money.</summary>
internal static class DoctorCommand
{
    // Stripe refuses signatures more than five minutes off; a minute leaves time to mend it.
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WebTimeout = TimeSpan.FromSeconds(10);

    public static readonly Command It = new(
        "doctor",
        "",
        "Checks settings, database, webhook address, clock and payment providers.",
        RunAsync
    );

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        context.Line.Demand(0);
        var findings = new List<DoctorFinding>();
        CheckSettings(context, findings);
        await CheckStoresAsync(context, findings, cancellationToken).ConfigureAwait(false);
        foreach (var provider in context.Services.GetServices<IPaymentProvider>())
        {
            await CheckProviderAsync(context, provider, findings, cancellationToken).ConfigureAwait(false);
        }

        var worst = findings.Count == 0 ? DoctorVerdict.Good : findings.Max(f => f.Verdict);
        await context
            .Output.WriteAsync(
                new JsonObject
                {
                    ["verdict"] = NameOf(worst),
                    ["findings"] = new JsonArray([.. findings.Select(JsonOf)]),
                },
                [
                    .. findings.Select(f => $"{NameOf(f.Verdict), -8} {f.Subject}: {f.Message}"),
                    worst == DoctorVerdict.Bad ? "Something does not work." : "Nothing is broken.",
                ]
            )
            .ConfigureAwait(false);
        return worst == DoctorVerdict.Bad ? CommandExit.Bad : CommandExit.Good;
    }

    private static void CheckSettings(CommandContext context, List<DoctorFinding> findings)
    {
        try
        {
            context.Services.GetService<IStartupValidator>()?.Validate();
            var providers = context.Get<PaymentProviders>();
            findings.Add(
                providers.All.Count == 0
                    ? new(
                        DoctorVerdict.Warning,
                        "settings",
                        "There is no payment provider; add one, such as AddStripe."
                    )
                    : new(DoctorVerdict.Good, "settings", "Every option is in its range.")
            );
        }
        catch (OptionsValidationException e)
        {
            findings.AddRange(e.Failures.Select(f => new DoctorFinding(DoctorVerdict.Bad, "settings", f)));
        }
    }

    private static async Task CheckStoresAsync(
        CommandContext context,
        List<DoctorFinding> findings,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await context
                .Get<CreditLedger>()
                .ReadBalanceAsync(new AccountId("doctor", "probe"), cancellationToken)
                .ConfigureAwait(false);
            var store = context.Get<IPaymentStore>();
            var reviews = await store.CountAsync(PaymentStatus.Review, cancellationToken).ConfigureAwait(false);
            findings.Add(new(DoctorVerdict.Good, "database", "Credits and payments answer."));
            if (reviews > 0)
            {
                findings.Add(
                    new(
                        DoctorVerdict.Warning,
                        "payments",
                        $"{reviews} in review wait for a person: payments list --status review"
                    )
                );
            }
        }
        catch (PayPerUseException e)
        {
            findings.Add(new(DoctorVerdict.Bad, "database", e.Message));
        }
    }

    private static async Task CheckProviderAsync(
        CommandContext context,
        IPaymentProvider provider,
        List<DoctorFinding> findings,
        CancellationToken cancellationToken
    )
    {
        findings.Add(new(DoctorVerdict.Good, provider.Id, $"{provider.DisplayName}, {provider.Mode} mode."));
        await CheckWebhookAsync(context, provider.Id, findings, cancellationToken).ConfigureAwait(false);
        if (provider is not IRefundProvider)
        {
            findings.Add(
                new(DoctorVerdict.Warning, provider.Id, "Refunds are made by hand and recorded: payments record-refund")
            );
        }

        if (provider is not IProviderDiagnosis diagnosis)
        {
            return;
        }

        try
        {
            findings.AddRange(await diagnosis.DiagnoseAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            findings.Add(new(DoctorVerdict.Bad, provider.Id, e.Message));
        }
    }

    /// <summary>An unsigned message to our own address must be refused by us: then the address leads here.</summary>
    private static async Task CheckWebhookAsync(
        CommandContext context,
        string provider,
        List<DoctorFinding> findings,
        CancellationToken cancellationToken
    )
    {
        var subject = provider + " webhook";
        Uri address;
        try
        {
            if (context.Get<IOptions<PayPerUseOptions>>().Value.PublicUrl is null)
            {
                findings.Add(
                    new(
                        DoctorVerdict.Warning,
                        subject,
                        "Its address is not known while the app does not run: set PayPerUse:PublicUrl."
                    )
                );
                return;
            }

            address = context.Get<IPaymentAddresses>().Callback(provider);
        }
        catch (PayPerUseException e)
        {
            findings.Add(new(DoctorVerdict.Bad, subject, e.Message));
            return;
        }

        try
        {
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
            using var client = new HttpClient(handler) { Timeout = WebTimeout };
            using var body = new ByteArrayContent([]);
            using var answer = await client.PostAsync(address, body, cancellationToken).ConfigureAwait(false);
            findings.Add(
                await IsOurRefusalAsync(answer, cancellationToken).ConfigureAwait(false)
                    ? new(DoctorVerdict.Good, subject, $"{address} leads to this app.")
                    : new(
                        DoctorVerdict.Bad,
                        subject,
                        $"{address} answered {(int)answer.StatusCode}, not this app's refusal; check PayPerUse:PublicUrl and the proxy."
                    )
            );
            CheckClock(context, answer, findings);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings.Add(
                new(
                    DoctorVerdict.Bad,
                    subject,
                    $"{address} cannot be reached from here; check PayPerUse:PublicUrl, DNS and the proxy."
                )
            );
        }
    }

    /// <summary>Another app of ours, without this provider, refuses in other words.</summary>
    private static async Task<bool> IsOurRefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (
            (int)answer.StatusCode is not (400 or 429)
            || answer.Content.Headers.ContentType?.MediaType != "application/problem+json"
        )
        {
            return false;
        }

        try
        {
            var problem = JsonNode.Parse(
                await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)
            );
            return problem is JsonObject { } told
                && (string?)told["code"] is "invalid-signature" or "too-many-requests";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void CheckClock(CommandContext context, HttpResponseMessage answer, List<DoctorFinding> findings)
    {
        if (answer.Headers.Date is { } date)
        {
            var difference = (context.Get<TimeProvider>().GetUtcNow() - date).Duration();
            findings.Add(
                difference <= MaxClockDifference
                    ? new(DoctorVerdict.Good, "clock", "It agrees with the public address's.")
                    : new(
                        DoctorVerdict.Bad,
                        "clock",
                        $"It is {difference.TotalSeconds:0} s off from the public address's; let the machine keep time (NTP)."
                    )
            );
        }
    }

    private static JsonNode JsonOf(DoctorFinding finding) =>
        new JsonObject
        {
            ["verdict"] = NameOf(finding.Verdict),
            ["subject"] = finding.Subject,
            ["message"] = finding.Message,
        };

    private static string NameOf(DoctorVerdict verdict) => verdict.ToString().ToLowerInvariant();
}
