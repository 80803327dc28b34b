using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Credits;
using PayPerUse.Notices;
using PayPerUse.Payments;

namespace PayPerUse.Crash;

/// <summary>
/// A host whose payments are paid faster than its app hears of them, until it is killed. It tells <c>paid|PAYMENT|end</c> once that
/// is saved, and <c>heard|PAYMENT|EVENT|end</c> as its handler does.
/// </summary>
public static class NoticeLoad
{
    private const int Workers = 4;

    /// <summary>Makes a host over a database.</summary>
    public static ServiceProvider NewHost<THandler>(
        string database,
        string connection,
        Action<IServiceCollection> configure
    )
        where THandler : class, ICreditEvents =>
        CrashServices.Build(database, connection, configure, b => b.AddCreditEvents<THandler>());

    internal static async Task RunAsync(string database, string connection, string round)
    {
        var host = NewHost<Teller>(database, connection, _ => { });
        await using (host)
        {
            var worker = host.GetRequiredService<CreditEventsWorker>();
            await Task.WhenAll([
                .. Enumerable.Range(0, Workers).Select(w => Task.Run(() => PayAsync(host, $"{round}-{w}"))),
                Task.Run(() => TellAsync(worker)),
            ]);
        }
    }

    private static async Task TellAsync(CreditEventsWorker worker)
    {
        while (true)
        {
            try
            {
                await worker.DeliverAsync(CancellationToken.None);
            }
            catch (PayPerUseException)
            {
                // A busy database; the next round tries again.
            }
        }
    }

    private static async Task PayAsync(IServiceProvider host, string worker)
    {
        var store = host.GetRequiredService<IPaymentStore>();
        var journal = host.GetRequiredService<PaymentJournal>();
        for (var i = 0; ; i++)
        {
            try
            {
                var payment = New(string.Create(CultureInfo.InvariantCulture, $"{worker}-{i}"));
                var first = new PaymentEvent(
                    payment.Id,
                    null,
                    payment.Status,
                    PaymentTrigger.Checkout,
                    null,
                    payment.CreatedAt
                );
                var open = await store.TryAddAsync(payment, first, CancellationToken.None);
                var paid = open! with { Status = PaymentStatus.Paid, GrantedAt = payment.CreatedAt };
                await journal.SaveAsync(open, paid, PaymentTrigger.Webhook);
                Pipe.Tell($"paid|{payment.Id}|end");
            }
            catch (PayPerUseException)
            {
                // A busy database: not paid, as far as anybody was told.
            }
        }
    }

    private static Payment New(string id)
    {
        var now = DateTimeOffset.UnixEpoch.AddSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        return new Payment
        {
            Id = id,
            Account = new AccountId("anna"),
            Pack = "five",
            Credits = 5,
            Price = Money.Euro(1.00m),
            Provider = "none",
            Mode = PaymentMode.Test,
            Description = "5 credits",
            CallbackUrl = new Uri("https://sint.example/callback"),
            ReturnPageUrl = new Uri("https://sint.example/return"),
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(20),
        };
    }

    private sealed class Teller : ICreditEvents
    {
        public async Task PaidAsync(PaymentNotice notice, CancellationToken cancellationToken)
        {
            // Slower than payments come, so that there is always something left to tell.
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
            Pipe.Tell($"heard|{notice.Payment.Id}|{notice.EventId}|end");
        }
    }
}
