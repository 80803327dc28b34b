using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PayPerUse.Http;
using PayPerUse.Http.Return;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests.Http;

/// <summary>Who comes back from the bank waits a moment for its message.</summary>
public sealed class ReturnWaitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_bank_says_a_moment_later_is_the_first_answer()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var (id, page) = await ComeBackAsync(house);

        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        await LetTimePassAsync(house, page);

        Assert.Contains("your credits are ready", await page, StringComparison.Ordinal);
        Assert.Equal(5, await house.BalanceAsync());
    }

    [Fact]
    public async Task A_message_to_this_host_ends_the_wait_at_once()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var (id, page) = await ComeBackAsync(house);

        house.Provider.Set(id, ProviderPaymentStatus.Canceled);
        await house.Services.GetRequiredService<PaymentSettler>().SettleAsync(id, PaymentTrigger.Webhook, Token);

        Assert.Contains("was canceled", await page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_host_saved_is_seen_without_asking_the_provider()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var (id, page) = await ComeBackAsync(house);

        var payment = (await house.Payments.FindAsync(id, Token))!;
        await house.Payments.TryUpdateAsync(payment with { Status = PaymentStatus.Expired }, null, Token);
        await LetTimePassAsync(house, page);

        Assert.Contains("time to pay is over", await page, StringComparison.Ordinal);
        Assert.Equal(1, house.Provider.Gets);
    }

    [Fact]
    public async Task When_its_time_is_over_the_page_says_so_and_the_provider_was_asked_at_its_usual_pace()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var (_, page) = await ComeBackAsync(house);

        var passed = await LetTimePassAsync(house, page);

        Assert.Contains("We are waiting", await page, StringComparison.Ordinal);
        Assert.Contains("href=\"?\">Look again</a>", await page, StringComparison.Ordinal);
        Assert.True(passed >= new PayPerUseHttpOptions().ReturnWait, $"It waited {passed}.");
        Assert.InRange(house.Provider.Gets, 2, 1 + (int)(passed / PaymentSettler.PollInterval));
    }

    [Fact]
    public async Task Who_turned_back_waits_for_nothing_and_can_still_pay()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var id = await PaymentEndpointsTests.OrderAsync(house, """{"pack":"five","returnUrl":"/letters"}""");
        using var phone = house.MakeClient(null);
        var back = (await house.Payments.FindAsync(id, Token))!.TurnBackUrl;

        Assert.Equal(HttpStatusCode.OK, (await phone.GetAsync(back, Token)).StatusCode);
        var answer = await house.Client.GetAsync(back, Token);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/letters", answer.Headers.Location?.OriginalString);
        Assert.True((await house.Payments.FindAsync(id, Token))!.IsOpen);
    }

    [Fact]
    public async Task Nobody_waits_for_a_customer_who_left()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (_, page) = await ComeBackAsync(house, leaves.Token);

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => page);
        await UntilWaitingAsync(house, 0);
    }

    [Fact]
    public async Task A_host_that_stops_is_not_held_up()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var (_, page) = await ComeBackAsync(house);

        house.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Contains("We are waiting", await page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beyond_what_a_host_bears_a_customer_is_answered_as_things_stand()
    {
        await using var house = await HttpHouse.StartAsync(s => s.FreezeTime());
        var (id, first) = await ComeBackAsync(house);
        var others = Enumerable.Range(1, ReturnWait.MaxWaiting - 1).Select(_ => ReadAsync(house, id, Token)).ToList();
        await UntilWaitingAsync(house, ReturnWait.MaxWaiting);

        Assert.Contains("We are waiting", await ReadAsync(house, id, Token), StringComparison.Ordinal);

        Assert.DoesNotContain(others.Append(first), page => page.IsCompleted);
        house.Provider.Set(id, ProviderPaymentStatus.Paid);
        await LetTimePassAsync(house, Task.WhenAll(others));
    }

    /// <summary>A phone that scanned, back from the bank before its message.</summary>
    private static async Task<(string Id, Task<string> Page)> ComeBackAsync(
        HttpHouse house,
        CancellationToken? leaves = null
    )
    {
        var id = await PaymentEndpointsTests.OrderAsync(house);
        var page = ReadAsync(house, id, leaves ?? Token);
        await UntilWaitingAsync(house, 1);
        return (id, page);
    }

    private static async Task<string> ReadAsync(HttpHouse house, string id, CancellationToken leaves)
    {
        using var phone = house.MakeClient(null);
        return await phone.GetStringAsync($"/payments/{id}/return", leaves);
    }

    private static async Task UntilWaitingAsync(HttpHouse house, int count)
    {
        var wait = house.Services.GetRequiredService<ReturnWait>();
        await foreach (var _ in Patience.TriesAsync($"{count} who wait", Token))
        {
            if (wait.Waiting == count)
            {
                return;
            }
        }
    }

    /// <summary>Moves the clock until the answer is there.</summary>
    /// <returns>How far.</returns>
    private static async Task<TimeSpan> LetTimePassAsync(HttpHouse house, Task answer)
    {
        var start = house.Clock!.GetUtcNow();
        await foreach (var _ in Patience.TriesAsync("The answer", Token))
        {
            if (answer.IsCompleted)
            {
                break;
            }

            house.Clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        return house.Clock.GetUtcNow() - start;
    }
}
