using System.Collections.Immutable;
using PayPerUse.Payments;

namespace PayPerUse.Payconiq;

/// <summary>For <c>doctor</c>: asks, and changes nothing.</summary>
internal sealed partial class PayconiqProvider : IProviderDiagnosis
{
    // An id that no payment has: the answer tells whether the key is accepted.
    private const string NoPayment = "000000000000000000000000";

    public async Task<ImmutableArray<DoctorFinding>> DiagnoseAsync(CancellationToken cancellationToken) =>
        !options.Value.IsReachable()
            ?
            [
                new DoctorFinding(
                    DoctorVerdict.Warning,
                    "payconiq simulator",
                    "Payments go to the simulator, which is part of this app and answers only while it runs: nothing was asked of it."
                ),
            ]
            : await AskAsync(cancellationToken).ConfigureAwait(false);

    private async Task<ImmutableArray<DoctorFinding>> AskAsync(CancellationToken cancellationToken) =>
        [
            await TryAsync(
                    "payconiq key",
                    "Payconiq accepts Payconiq:ApiKey.",
                    () => client.GetAsync(NoPayment, cancellationToken)
                )
                .ConfigureAwait(false),
            await keys.IsReadableAsync(cancellationToken).ConfigureAwait(false)
                ? new DoctorFinding(
                    DoctorVerdict.Good,
                    "payconiq callback keys",
                    "The keys that sign callbacks can be read."
                )
                : new DoctorFinding(
                    DoctorVerdict.Bad,
                    "payconiq callback keys",
                    "The keys that sign callbacks cannot be read; check Payconiq:JwksUri and the way out of your network."
                ),
            signer.CanSign
                ? await TryAsync(
                        "payconiq refunds",
                        "Payconiq accepts what Payconiq:SigningKey signs.",
                        () => refunds.ListAsync(Today, Today, 0, Issuer, cancellationToken)
                    )
                    .ConfigureAwait(false)
                : new DoctorFinding(
                    DoctorVerdict.Warning,
                    "payconiq refunds",
                    "Refunds are made in Bancontact's portal and recorded with 'payments record-refund'; set Payconiq:SigningKey to make them here."
                ),
        ];

    private static async Task<DoctorFinding> TryAsync(string subject, string good, Func<Task> ask)
    {
        try
        {
            await ask().ConfigureAwait(false);
            return new DoctorFinding(DoctorVerdict.Good, subject, good);
        }
        catch (PaymentProviderException e)
        {
            return new DoctorFinding(DoctorVerdict.Bad, subject, e.Message);
        }
    }
}
