using PayPerUse.Credits;
using PayPerUse.Payments;
using Xunit;

namespace PayPerUse.Testing.Payments;

/// <summary>
/// Random schedules against one provider: customers pay or do not, messages arrive late, twice, out of order or never, the API
/// fails before or after its effect, money goes back in every way, and our host dies between any two steps. When the weather is calm
/// again, the money at the provider must equal the credits granted less those taken back, payment by payment.
/// </summary>
public sealed class PaymentWeather : IAsyncDisposable
{
    private const int Steps = 40;
    private static readonly AccountId[] Accounts = [new("anna"), new("bert")];

    private readonly Random _random;
    private readonly ProviderWorld _world;
    private readonly WorldStores _stores;
    private readonly HostStores _seen;
    private readonly List<string> _ids = [];
    private readonly List<WebhookMessage> _underWay = [];
    private readonly List<string> _story = [];
    private WorldHost _host;

    /// <param name="seed">The schedule.</param>
    /// <param name="world">The provider's.</param>
    /// <param name="stores">The database that hosts share and leave behind.</param>
    public PaymentWeather(int seed, ProviderWorld world, WorldStores stores)
    {
        _random = new Random(seed);
        _world = world;
        _stores = stores;
        _seen = stores.Open(world.Clock);
        _host = new WorldHost(world, stores);
    }

    /// <summary>Lives through the schedule of a seed and checks what is left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Steps; i++)
        {
            await StepAsync(cancellationToken);
        }

        await CalmAsync(cancellationToken);
        await CheckAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _seen.DisposeAsync();
        await _world.DisposeAsync();
        await _stores.DisposeAsync();
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        if (_random.Next(4) == 0)
        {
            _host.Crash.In(_random.Next(1, 24));
        }

        var step = _random.Next(100);
        var payment = _ids.Count == 0 ? null : await _seen.Payments.FindAsync(Pick(_ids), cancellationToken);
        if (payment is null || step < 12)
        {
            await TryAsync("order", () => OrderAsync(cancellationToken));
        }
        else if (step < 30)
        {
            await TellAsync("pay", payment, await _world.PayAsync(payment));
        }
        else if (step < 33)
        {
            await TellAsync("decline", payment, await _world.DeclineAsync(payment));
        }
        else if (step < 52)
        {
            await DeliverAsync(cancellationToken);
        }
        else if (step < 57)
        {
            await TryAsync("poll", () => _host.Settler.SettleAsync(payment.Id, PaymentTrigger.Poll, cancellationToken));
        }
        else if (step < 60)
        {
            await TryAsync(
                "return",
                () => _host.Settler.SettleAsync(payment.Id, PaymentTrigger.Return, cancellationToken)
            );
        }
        else if (step < 63)
        {
            await TryAsync("cancel", () => _host.Checkout.CancelAsync(payment.Id, cancellationToken));
        }
        else if (step < 70)
        {
            await TryAsync("sweep", () => _host.SweepAsync(cancellationToken));
        }
        else if (step < 75)
        {
            await TellAsync("portal refund", payment, await RefundInPortalAsync(payment));
        }
        else if (step < 78)
        {
            await TellAsync("dispute", payment, await DisputeAsync(payment));
        }
        else if (step < 80)
        {
            await TellAsync("refunds fail", payment, _world.CanFailRefunds && await _world.FailRefundsAsync(payment));
        }
        else if (step < 86)
        {
            await TryAsync("refund", () => RefundAsync(payment, cancellationToken));
        }
        else if (step < 92)
        {
            var fault = (ApiFault)_random.Next(3);
            _story.Add("api " + fault);
            _world.Break(fault);
        }
        else
        {
            Pass(TimeSpan.FromSeconds(Math.Pow(10, _random.NextDouble() * 4)));
        }

        await ReviveAsync();
    }

    private async Task OrderAsync(CancellationToken cancellationToken)
    {
        var before = await KnownAsync(cancellationToken);
        try
        {
            await _host.Checkout.CreateAsync(new CheckoutOrder(Pick(Accounts), "five"), cancellationToken);
        }
        finally
        {
            // Also what a crash left behind belongs to the story.
            _ids.AddRange((await KnownAsync(cancellationToken)).Except(before));
        }
    }

    private async Task<IReadOnlyList<string>> KnownAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        foreach (var account in Accounts)
        {
            ids.AddRange((await _seen.Payments.ListAsync(account, 1000, cancellationToken)).Select(p => p.Id));
        }

        return ids;
    }

    /// <summary>Something happened at the provider: it sends word of it, which may be lost, repeated, or late.</summary>
    private async Task TellAsync(string what, Payment payment, bool happened)
    {
        _story.Add($"{what} {payment.Id[..6]} {(happened ? "" : "(not possible)")}");
        if (happened && await _world.MessageAsync(payment) is { } message)
        {
            for (var copies = _random.Next(4); copies > 0; copies--)
            {
                _underWay.Insert(_random.Next(_underWay.Count + 1), message);
            }
        }
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        if (_underWay.Count == 0)
        {
            return;
        }

        var i = _random.Next(_underWay.Count);
        var message = _underWay[i];
        await TryAsync("deliver", () => _host.ReceiveAsync(message, cancellationToken));
        if (_random.Next(3) > 0)
        {
            _underWay.RemoveAt(i);
        }
    }

    private Task<bool> RefundInPortalAsync(Payment payment)
    {
        var kept = _world.KeptOf(payment) ?? 0;
        return kept > 0 && _world.CanRefundInPortal
            ? _world.RefundInPortalAsync(payment, _random.NextInt64(1, kept + 1))
            : Task.FromResult(false);
    }

    private Task<bool> DisputeAsync(Payment payment)
    {
        var kept = _world.KeptOf(payment);
        return kept is not null && _world.CanDispute
            ? _world.DisputeAsync(payment, _random.Next(2) == 0 ? 0 : payment.Price.Amount)
            : Task.FromResult(false);
    }

    private async Task RefundAsync(Payment payment, CancellationToken cancellationToken)
    {
        if (_world.CanRefund)
        {
            var extent = (RefundExtent)_random.Next(1, 4);
            var result = await _host.Service.RefundAsync(
                new RefundOrder(payment.Id, extent, "weather") { Amount = new Money(_random.Next(1, 101), "EUR") },
                cancellationToken
            );
            _story.Add($"  {extent} refund of {payment.Id[..6]}: {result.Status} {result.Refund?.Amount}");
        }
    }

    /// <summary>Our side may fail in every way that it says it can; anything else is a bug.</summary>
    private async Task TryAsync(string what, Func<Task> work)
    {
        _story.Add(what);
        try
        {
            await _world.PassWhileAsync(work());
        }
        catch (PayPerUseException e)
        {
            _story.Add("  failed: " + e.GetType().Name + " " + e.Message);
        }
    }

    private async Task ReviveAsync()
    {
        if (_host.Crash.HasCrashed)
        {
            _story.Add("  the host died");
            var dead = _host;
            _host = new WorldHost(_world, _stores);
            await dead.DisposeAsync();
        }
    }

    private void Pass(TimeSpan time)
    {
        _story.Add($"{time.TotalSeconds:0} s pass");
        _world.Clock.Advance(time);
    }

    /// <summary>Nothing fails any more; whatever has been lost stays lost.</summary>
    private async Task CalmAsync(CancellationToken cancellationToken)
    {
        _world.Break(ApiFault.None);
        await _host.DisposeAsync();
        _host = new WorldHost(_world, _stores);
        for (var i = 0; i < 24; i++)
        {
            _world.Clock.Advance(TimeSpan.FromHours(i < 12 ? 0.25 : 6));
            await _world.PassWhileAsync(_host.SweepAsync(cancellationToken));
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var expected = Accounts.ToDictionary(a => a, _ => 0L);
        foreach (var id in _ids)
        {
            var payment = (await _seen.Payments.FindAsync(id, cancellationToken))!;
            var kept = _world.KeptOf(payment);
            var credits = kept is { } money
                ? payment.Credits
                    - ReversalRule.TargetOf(payment.Credits, payment.Price.Amount, payment.Price.Amount - money)
                : 0;
            expected[payment.Account] += credits;
            Assert.True(
                (payment.GrantedAt is null ? 0 : payment.Credits - payment.ReversedCredits) == credits
                    && payment.Reversal is null
                    && !payment.IsOpen
                    && (payment.GrantedAt is null || payment.IsGranted),
                $"{payment} keeps {kept}\n{string.Join('\n', _story)}"
            );
        }

        foreach (var account in Accounts)
        {
            var balance = await _host.Ledger.ReadBalanceAsync(account, cancellationToken);
            Assert.True(
                expected[account] == balance.Balance,
                $"{account}: {balance.Balance}, not {expected[account]}\n{string.Join('\n', _story)}"
            );
        }
    }

    private T Pick<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];
}
