using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

public abstract partial class PaymentStoreConformance
{
    /// <summary>The pages that belong to a store.</summary>
    protected virtual IPaymentPages PagesOf(IPaymentStore store) => (IPaymentPages)store;

    [Fact]
    public async Task Pages_of_the_payments_of_accounts_follow_each_other_without_gap_or_repeat()
    {
        var (account, guest) = (NewAccount(), NewAccount());
        var added = new List<Payment>();
        for (var i = 0; i < 7; i++)
        {
            // Three of one moment, so that a page can end between them.
            var at = Now + TimeSpan.FromMilliseconds(Math.Max(0, i - 2));
            added.Add(
                await MustAddAsync(NewPayment(i % 2 == 0 ? account : guest) with { CreatedAt = at, OpenKey = null })
            );
        }

        await MustAddAsync(NewPayment());
        var seen = new List<Payment>();
        PaymentPosition? before = null;
        while (await PagesOf(Store).ListBeforeAsync([account, guest], before, 2, Token) is { IsEmpty: false } page)
        {
            seen.AddRange(page);
            before = new PaymentPosition(page[^1].CreatedAt, page[^1].Id);
        }

        Assert.Equal(
            added.OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id, StringComparer.Ordinal),
            seen
        );
    }

    [Fact]
    public async Task Payments_are_owed_until_their_refund_is_recorded()
    {
        var added = await MustAddAsync(NewPayment() with { Status = PaymentStatus.Paid, OpenKey = null });
        var refund = new PaymentRefund
        {
            Id = PaymentRefunds.IdOf(added, 1),
            Source = PaymentRefundSource.ByHand,
            Amount = Money.Euro(0.4m),
            Status = PaymentRefundStatus.Pending,
            At = Now,
            By = "withdrawal",
        };
        var owed = await MustUpdateAsync(added with { Refunds = added.Refunds.With(refund) });
        Assert.Contains(owed, await PagesOf(Store).ListOwedAsync(1000, Token));
        var count = await PagesOf(Store).CountOwedAsync(Token);
        Assert.True(count >= 1);

        await MustUpdateAsync(
            owed with
            {
                Refunds = owed.Refunds.With(
                    refund with
                    {
                        Source = PaymentRefundSource.Recorded,
                        Status = PaymentRefundStatus.Succeeded,
                    }
                ),
            }
        );

        Assert.DoesNotContain(await PagesOf(Store).ListOwedAsync(1000, Token), p => p.Id == added.Id);
        Assert.Equal(count - 1, await PagesOf(Store).CountOwedAsync(Token));
    }

    [Fact]
    public async Task What_was_agreed_to_is_kept_with_its_moment()
    {
        var added = await MustAddAsync(
            NewPayment() with
            {
                Consent = "2026-1",
                ConsentText = "Ik ga akkoord – meteen.",
                ConsentedAt = Now,
                Language = "nl",
            }
        );

        Assert.Equal(added, await Store.FindAsync(added.Id, Token));
    }
}
