using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PayPerUse;
using PayPerUse.Credits;
using PayPerUse.Diagnostics;
using PayPerUse.Payments;

namespace PayPerUse.Diagnostics
{
    /// <summary>Unhealthy when a store does not answer; degraded when a payment or a refund waits for a person.</summary>
    internal sealed class PayPerUseHealthCheck(CreditLedger ledger, IPaymentStore payments, IPaymentPages pages)
        : IHealthCheck
    {
        // Any account will do; this one never has a row.
        private static readonly AccountId Probe = new("health-check", "probe");

        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context,
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                await ledger.ReadBalanceAsync(Probe, cancellationToken).ConfigureAwait(false);
                var inReview = await payments.CountAsync(PaymentStatus.Review, cancellationToken).ConfigureAwait(false);
                var owed = await pages.CountOwedAsync(cancellationToken).ConfigureAwait(false);
                return (inReview, owed) switch
                {
                    (0, 0) => HealthCheckResult.Healthy("Credits and payments answer."),
                    (_, 0) => HealthCheckResult.Degraded(InReview()),
                    (0, _) => HealthCheckResult.Degraded(Owed()),
                    _ => HealthCheckResult.Degraded($"{InReview()} {Owed()}"),
                };

                string InReview() => $"{inReview} payment(s) in review wait for a person (payments resolve).";
                string Owed() => $"{owed} payment(s) have a refund that a person must transfer (payments list --owed).";
            }
            catch (PayPerUseException e)
            {
                return HealthCheckResult.Unhealthy("Credits or payments do not answer.", e);
            }
        }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds PayPerUse to an app's health checks.</summary>
    public static class PayPerUseHealthCheckExtensions
    {
        /// <summary>
        /// Unhealthy when a store does not answer; degraded when a payment is in review or a refund must be transferred by hand.
        /// Safe to call twice.
        /// </summary>
        /// <param name="builder">The health checks.</param>
        public static IHealthChecksBuilder AddPayPerUse(this IHealthChecksBuilder builder)
        {
            ArgumentNullException.ThrowIfNull(builder);
            builder.Services.TryAddSingleton<PayPerUseHealthCheck>();
            builder.Services.Configure<HealthCheckServiceOptions>(o =>
            {
                if (o.Registrations.All(r => r.Name != PayPerUseDiagnostics.HealthCheckName))
                {
                    o.Registrations.Add(
                        new HealthCheckRegistration(
                            PayPerUseDiagnostics.HealthCheckName,
                            p => p.GetRequiredService<PayPerUseHealthCheck>(),
                            failureStatus: null,
                            tags: null
                        )
                    );
                }
            });
            return builder;
        }
    }
}
