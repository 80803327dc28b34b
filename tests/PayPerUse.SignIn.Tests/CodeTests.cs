using System.Net;
using PayPerUse.SignIn.Codes;

namespace PayPerUse.SignIn.Tests;

/// <summary>What a code is worth, and for how long.</summary>
public sealed class CodeTests
{
    [Fact]
    public async Task A_code_is_six_digits_in_a_mail_in_the_visitor_s_language()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { email = " Emma@Example.com " }),
        };
        request.Headers.AcceptLanguage.ParseAdd("nl");

        using var asked = await emma.SendAsync(request);

        Assert.Equal("emma@example.com", (await asked.JsonAsync()).GetProperty("email").GetString());
        var mail = Assert.Single(house.Mails);
        Assert.Equal("emma@example.com", mail.Email);
        Assert.Matches("^[0-9]{6}$", mail.Code);
        Assert.Equal(TimeSpan.FromMinutes(10), mail.CodeTime);
        Assert.Equal("nl", mail.Language.TwoLetterISOLanguageName);
    }

    [Fact]
    public async Task A_code_works_once_however_many_try_at_the_same_time()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        var ticket = await emma.AskAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => emma.VerifyAsync(emma.Code, ticket)));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whom_a_limit_counts_cannot_be_read_in_the_database()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        var ticket = await emma.AskAsync();
        using var wrong = await emma.VerifyAsync(emma.WrongCode, ticket);

        var tries = await house.ListAsync<SignInTry>();
        Assert.Equal(["fail", "ip", "mail"], tries.Select(t => t.Key.Split(':')[0]).Order());
        Assert.All(tries, t => Assert.Matches("^[a-z]+:[0-9a-f]{64}$", t.Key));
    }

    [Fact]
    public async Task A_code_belongs_to_the_browser_that_asked_for_it()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        using var thief = new Person(house);
        await emma.AskAsync();

        using var stolen = await thief.VerifyAsync(emma.Code);
        Assert.Equal("wrong-code", await stolen.ProblemAsync(400));

        using var own = await emma.VerifyAsync(emma.Code);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task A_ticket_of_another_address_is_worth_nothing()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        using var other = new Person(house, "other@example.com");
        await emma.AskAsync();
        var ticket = await other.AskAsync();

        using var answer = await emma.VerifyAsync(emma.Code, ticket);

        Assert.Equal("wrong-code", await answer.ProblemAsync(400));
    }

    [Fact]
    public async Task So_many_wrong_tries_end_a_code()
    {
        await using var house = await SignInHouse.StartAsync(s => s.Options = o => o.TriesPerCode = 3);
        using var emma = new Person(house);
        await emma.AskAsync();
        for (var i = 0; i < 3; i++)
        {
            using var wrong = await emma.VerifyAsync(emma.WrongCode);
            Assert.Equal("wrong-code", await wrong.ProblemAsync(400));
        }

        using var right = await emma.VerifyAsync(emma.Code);

        Assert.Equal("wrong-code", await right.ProblemAsync(400));
    }

    [Fact]
    public async Task A_newer_code_ends_the_one_before()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        var ticket = await emma.AskAsync();
        var code = emma.Code;
        await emma.AskAsync();

        using var old = await emma.VerifyAsync(code, ticket);

        Assert.Equal("wrong-code", await old.ProblemAsync(400));
    }

    [Fact]
    public async Task A_code_ends_when_its_time_is_over()
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);
        var ticket = await emma.AskAsync();
        house.Clock.Advance(TimeSpan.FromMinutes(10));

        using var late = await emma.VerifyAsync(emma.Code, ticket);

        Assert.Equal("wrong-code", await late.ProblemAsync(400));
    }

    [Fact]
    public async Task An_address_gets_so_many_mails_an_hour_and_new_ones_after_it()
    {
        await using var house = await SignInHouse.StartAsync(s => s.Options = o => o.MailsPerHourPerAddress = 2);
        using var emma = new Person(house);
        await emma.AskAsync();
        house.Clock.Advance(TimeSpan.FromMinutes(20));
        await emma.AskAsync();

        using var third = await emma.PostAsync("/signin", new { email = emma.Email });
        Assert.Equal("rate-limited", await third.ProblemAsync(429));
        Assert.Equal(TimeSpan.FromMinutes(40), third.Headers.RetryAfter?.Delta);

        house.Clock.Advance(TimeSpan.FromMinutes(40));
        await emma.AskAsync();
        Assert.Equal(3, house.Mails.Count);
    }

    [Fact]
    public async Task An_address_of_the_network_gets_so_many_mails_an_hour_for_all_addresses()
    {
        await using var house = await SignInHouse.StartAsync(s => s.Options = o => o.MailsPerHourPerIp = 2);
        await new Person(house, "a@example.com").AskAsync();
        await new Person(house, "b@example.com").AskAsync();
        using var emma = new Person(house);

        using var third = await emma.PostAsync("/signin", new { email = emma.Email });

        Assert.Equal("rate-limited", await third.ProblemAsync(429));
    }

    [Fact]
    public async Task So_many_failures_close_an_address_for_a_day_even_for_the_right_code()
    {
        await using var house = await SignInHouse.StartAsync(s => s.Options = o => o.FailuresPerDayPerAddress = 3);
        using var emma = new Person(house);
        using var stranger = new Person(house);
        await emma.AskAsync();
        for (var i = 0; i < 3; i++)
        {
            using var wrong = await stranger.VerifyAsync("000000");
            await wrong.ProblemAsync(400);
        }

        using var right = await emma.VerifyAsync(emma.Code);
        Assert.Equal("rate-limited", await right.ProblemAsync(429));

        house.Clock.Advance(TimeSpan.FromDays(1));
        await emma.AskAsync();
        using var tomorrow = await emma.VerifyAsync(emma.Code);
        Assert.Equal(HttpStatusCode.OK, tomorrow.StatusCode);
    }

    [Fact]
    public async Task A_right_code_is_no_failure()
    {
        await using var house = await SignInHouse.StartAsync(s => s.Options = o => o.FailuresPerDayPerAddress = 1);
        using var emma = new Person(house);

        await emma.TakeTokenAsync();
        await emma.TakeTokenAsync();

        Assert.Equal(2, house.Mails.Count);
    }

    [Fact]
    public async Task What_has_ended_is_swept_away()
    {
        await using var house = await SignInHouse.StartAsync();
        await new Person(house, "a@example.com").AskAsync();
        house.Clock.Advance(TimeSpan.FromDays(1));

        await new Person(house, "b@example.com").AskAsync();

        Assert.Equal(1, await house.CountAsync<SignInCode>());
        // One for the address, one for the network.
        Assert.Equal(2, await house.CountAsync<SignInTry>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-address")]
    [InlineData("a@b")]
    [InlineData("Jan <jan@example.com>")]
    [InlineData("jan@example.com\r\nBcc: x@example.com")]
    public async Task What_is_no_address_is_refused_by_the_name_of_the_field(string email)
    {
        await using var house = await SignInHouse.StartAsync();
        using var emma = new Person(house);

        using var answer = await emma.PostAsync("/signin", new { email });

        Assert.Equal("invalid-request", await answer.ProblemAsync(400));
        Assert.Contains(
            "\"email\":",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.Empty(house.Mails);
    }
}
