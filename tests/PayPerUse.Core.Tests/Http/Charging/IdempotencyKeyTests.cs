using System.Net;
using System.Net.Http.Headers;
using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Http.Charging;

/// <summary>The same request twice, on every kind of endpoint.</summary>
public sealed class IdempotencyKeyTests(ChargedHouse house) : ChargedTest(house), IClassFixture<ChargedHouse>
{
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task While_the_first_request_runs_the_same_key_is_409_in_progress(string kind)
    {
        await GrantAsync(3);
        var started = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        Scene.Act = async _ =>
        {
            started.SetResult();
            await go.Task.WaitAsync(Token);
            return "a letter";
        };
        var first = PostAsync(kind, "k");
        await started.Task.WaitAsync(Token);

        var second = await PostAsync(kind, "k");

        var problem = await second.ProblemAsync(409, "in-progress");
        Assert.Equal("k", (string?)problem["operationId"]);
        go.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(1, Scene.Runs);
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task After_success_the_same_key_is_409_already_done_and_charges_nothing(string kind)
    {
        await GrantAsync(3);
        await PostAsync(kind, "k");

        var problem = await (await PostAsync(kind, "k")).ProblemAsync(409, "already-done");

        Assert.Equal("k", (string?)problem["operationId"]);
        Assert.Equal(1, Scene.Runs);
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task After_a_release_the_same_key_runs_again(string kind)
    {
        await GrantAsync(3);
        Scene.Act = _ => Task.FromResult<object?>(503);
        await PostAsync(kind, "k");
        Scene.Act = _ => Task.FromResult<object?>("a letter");

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(kind, "k")).StatusCode);

        Assert.Equal(2, Scene.Runs);
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task After_paying_the_same_key_runs(string kind)
    {
        await (await PostAsync(kind, "k")).ProblemAsync(402, "insufficient-credits");
        await GrantAsync(1);

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(kind, "k")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_key_of_another_operation_is_409_key_reused(string kind)
    {
        await GrantAsync(3);
        await Http.UseAsync("letter", "k", Client);

        await (await PostAsync(kind, "k")).ProblemAsync(409, "key-reused");

        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_hidden_field_equals_the_header(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c => (await c.Request.ReadFormAsync(Token))["name"].ToString();

        var first = await PostFormAsync(kind, "f");
        var second = await PostFormAsync(kind, "f");
        var third = await PostAsync(kind, "f");

        Assert.Equal("Sint", await first.Content.ReadAsStringAsync(Token));
        await second.ProblemAsync(409, "already-done");
        await third.ProblemAsync(409, "already-done");
        await AssertCreditsAsync(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_hidden_field_of_a_multipart_form_equals_the_header(string kind)
    {
        await GrantAsync(3);
        Scene.Act = async c =>
        {
            // Raw, as an action that reads uploads by itself would.
            using var reader = new StreamReader(c.Request.Body);
            return (await reader.ReadToEndAsync(Token)).Contains("Sint", StringComparison.Ordinal).ToString();
        };
        using var form = new MultipartFormDataContent
        {
            { new StringContent("m"), "idempotencyKey" },
            { new StringContent("Sint"), "name" },
        };

        var first = await PostAsync(kind, change: r => r.Content = form);

        Assert.Equal("True", await first.Content.ReadAsStringAsync(Token));
        await (await PostAsync(kind, "m")).ProblemAsync(409, "already-done");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_form_that_ends_early_is_400_and_costs_nothing(string kind)
    {
        await GrantAsync(3);
        using var form = new StringContent("--x\r\nContent-Disposition: form-data; name=name\r\n\r\nSi");
        form.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");

        var problem = await (await PostAsync(kind, change: r => r.Content = form)).ProblemAsync(400, "invalid-request");

        Assert.Equal("body", problem.FieldsOf());
        await AssertCreditsAsync(3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bad_hidden_field_is_400_and_an_empty_one_is_none(string kind)
    {
        await GrantAsync(3);

        var problem = await (await PostFormAsync(kind, "a b")).ProblemAsync(400, "invalid-request");

        Assert.Equal("idempotencyKey", problem.FieldsOf());
        Assert.Equal(HttpStatusCode.OK, (await PostFormAsync(kind, "")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostFormAsync(kind, "")).StatusCode);
        await AssertCreditsAsync(1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Twenty_requests_at_once_with_one_key_run_once(string kind)
    {
        await GrantAsync(30);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(kind, "k")));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Equal(19, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(1, Scene.Runs);
        await AssertCreditsAsync(29);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Twenty_requests_at_once_with_four_credits_run_four_times(string kind)
    {
        await GrantAsync(4);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(kind)));

        Assert.Equal(4, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(16, answers.Count(a => a.StatusCode == HttpStatusCode.PaymentRequired));
        Assert.Equal(4, Scene.Runs);
        await AssertCreditsAsync(0);
    }

    [Fact]
    public async Task The_history_shows_the_key()
    {
        await GrantAsync(1);
        await PostAsync("minimal", "k");

        var history = await Http.Ledger.ReadHistoryAsync(Account, cancellationToken: Token);

        Assert.Equal("http:k", history[0].OperationId);
        Assert.Equal(CreditEntryKind.Commit, history[0].Kind);
    }

    private Task<HttpResponseMessage> PostFormAsync(string kind, string key) =>
        PostAsync(
            kind,
            change: r => r.Content = new FormUrlEncodedContent([new("idempotencyKey", key), new("name", "Sint")])
        );
}
