using System.Net;
using Microsoft.AspNetCore.Http;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>Reserve, run, commit, or 402; on every kind of endpoint.</summary>
public sealed class RequireCreditsTests(ChargedHouse house) : ChargedTest(house), IClassFixture<ChargedHouse>
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Enough_credits_run_the_action_and_are_charged(string kind)
    {
        await GrantAsync(3);

        var answer = await PostAsync(kind);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("a letter", await answer.Content.ReadAsStringAsync(Token));
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Not_enough_credits_are_402_and_the_action_does_not_run(string kind)
    {
        var problem = await (await PostAsync(kind)).ProblemAsync(402, "insufficient-credits");

        Assert.Equal(0, Scene.Runs);
        Assert.Equal((0, 1), ((int)problem["balance"]!, (int)problem["required"]!));
        Assert.Equal("/payments/create", (string?)problem["checkout"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task While_the_action_runs_its_credits_are_reserved(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async _ =>
        {
            await AssertCreditsAsync(2, reserved: 1);
            return "done";
        };

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(kind)).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_exception_releases(string kind)
    {
        await GrantAsync(3);
        Scene.Act = _ => throw new InvalidOperationException("The maker broke.");

        var answer = await PostAsync(kind);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        await AssertCreditsAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_exception_after_something_was_written_releases_and_sends_none_of_it(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            await c.Response.WriteAsync("half a letter", Token);
            await c.Response.Body.FlushAsync(Token);
            throw new InvalidOperationException("The maker broke.");
        };

        var answer = await PostAsync(kind);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("half a letter", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await AssertCreditsAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_status_of_400_or_more_releases_and_is_sent(string kind)
    {
        await GrantAsync(3);
        foreach (var status in new[] { 400, 404, 499, 500, 503 })
        {
            Scene.Act = async c =>
            {
                c.Response.StatusCode = status;
                await c.Response.WriteAsync("why", Token);
                return null;
            };

            var answer = await PostAsync(kind);

            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Equal("why", await answer.Content.ReadAsStringAsync(Token));
            await AssertCreditsAsync(3);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_status_below_400_is_charged(string kind)
    {
        await GrantAsync(9);
        foreach (var status in new[] { 201, 204, 302, 304 })
        {
            Scene.Act = _ => Task.FromResult<object?>(status);

            Assert.Equal(status, (int)(await PostAsync(kind)).StatusCode);
        }

        await AssertCreditsAsync(5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_action_can_commit_less(string kind)
    {
        await GrantAsync(3);
        Scene.Act = c =>
        {
            c.CommitCredits(0);
            return Task.FromResult<object?>("half price");
        };

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(kind)).StatusCode);

        await AssertCreditsAsync(3);
        var history = await Http.Ledger.ReadHistoryAsync(Account, cancellationToken: Token);
        Assert.Equal(
            [CreditEntryKind.Commit, CreditEntryKind.Reserve, CreditEntryKind.Grant],
            history.Select(e => e.Kind)
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_action_cannot_commit_more(string kind)
    {
        await GrantAsync(3);
        Scene.Act = c =>
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => c.CommitCredits(2));
            Assert.Throws<ArgumentOutOfRangeException>(() => c.CommitCredits(-1));
            return Task.FromResult<object?>("full price");
        };

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(kind)).StatusCode);
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_action_can_decline_the_charge(string kind)
    {
        await GrantAsync(3);
        Scene.Act = c =>
        {
            c.ReleaseCredits();
            return Task.FromResult<object?>("on the house");
        };

        var answer = await PostAsync(kind);

        Assert.Equal("on the house", await answer.Content.ReadAsStringAsync(Token));
        await AssertCreditsAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_action_can_see_its_charge(string kind)
    {
        await GrantAsync(3);
        Scene.Act = c =>
        {
            var charge = c.GetCreditCharge()!;
            return Task.FromResult<object?>(
                $"{charge.OperationId} {charge.Action} {charge.Reserved} {charge.Account == Account}"
            );
        };

        var answer = await PostAsync(kind, "k1");

        Assert.Equal("k1 letter 1 True", await answer.Content.ReadAsStringAsync(Token));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Anonymous_is_401_and_the_action_does_not_run(string kind)
    {
        using var nobody = Http.MakeClient(null);

        var answer = await Http.SendAsync(HttpMethod.Post, $"/{kind}/scene", client: nobody);

        await answer.ProblemAsync(401, "sign-in-required");
        Assert.Equal(0, Scene.Runs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Another_site_is_403_and_the_action_does_not_run(string kind)
    {
        await GrantAsync(3);

        var answer = await PostAsync(kind, change: r => r.Headers.Add("Sec-Fetch-Site", "cross-site"));

        await answer.ProblemAsync(403, "cross-site");
        Assert.Equal(0, Scene.Runs);
        await AssertCreditsAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bad_key_is_400_and_the_action_does_not_run(string kind)
    {
        await GrantAsync(3);

        var problem = await (await PostAsync(kind, new string('k', 129))).ProblemAsync(400, "invalid-request");

        Assert.Equal("Idempotency-Key", problem.FieldsOf());
        Assert.Equal(0, Scene.Runs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_store_that_is_down_is_503_and_the_action_does_not_run(string kind)
    {
        await GrantAsync(3);
        Store.Fail(CreditCommandKind.Reserve);

        var problem = await (await PostAsync(kind)).ProblemAsync(503, "store-unavailable");

        Assert.Equal("not-applied", (string?)problem["outcome"]);
        Assert.Equal(0, Scene.Runs);
        await AssertCreditsAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_unknown_reserve_is_503_with_its_id_and_the_action_does_not_run(string kind)
    {
        await GrantAsync(3);
        Store.After = b =>
            b.Commands.Any(c => c.Kind == CreditCommandKind.Reserve)
                ? throw HookedCreditStore.Down(CreditOperationOutcome.Unknown)
                : Task.CompletedTask;

        var problem = await (await PostAsync(kind, "k1")).ProblemAsync(503, "store-unavailable");

        Assert.Equal(("unknown", "k1"), ((string?)problem["outcome"], (string?)problem["operationId"]));
        Assert.Equal(0, Scene.Runs);
    }
}
