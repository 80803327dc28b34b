using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PayPerUse.SignIn.Mailing;

namespace PayPerUse.SignIn.Tests.Mailing;

/// <summary>Where mails stay while an app is developed, and who reads them.</summary>
public sealed class LocalMailboxTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scripts_read_an_address_s_mails_newest_first()
    {
        await using var house = await StartAsync();
        using var emma = new Person(house);
        await house.MailSender.SendAsync(new Mail("Emma@Example.com", "first", "one"), Token);
        await house.MailSender.SendAsync(new Mail("other@example.com", "other", "two"), Token);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await house.MailSender.SendAsync(new Mail("emma@example.com", "second", "three"), Token);

        var mails = await ReadAsync(emma, "?to=%20EMMA@example.com");
        var all = await ReadAsync(emma, "");

        Assert.Equal(["second", "first"], mails.Select(m => m.GetProperty("subject").GetString()));
        Assert.Equal(3, all.Count);
        Assert.Equal(["to", "subject", "text", "at"], mails[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("emma@example.com", mails[1].GetProperty("to").GetString());
        Assert.Equal("one", mails[1].GetProperty("text").GetString());
        Assert.Equal(house.Clock.GetUtcNow(), mails[0].GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task People_read_them_on_a_page_where_a_mail_is_text_and_never_markup()
    {
        await using var house = await StartAsync();
        using var emma = new Person(house);
        await house.MailSender.SendAsync(new Mail("a@example.com", "<b>bold</b>", "<script>run()</script>"), Token);

        using var answer = await emma.GetAsync("/dev/mailbox");

        var page = await answer.Content.ReadAsStringAsync(Token);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("&lt;b&gt;bold&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.StartsWith(
            "default-src 'none'",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/dev/mail")]
    [InlineData("/dev/mailbox")]
    public async Task Nobody_who_comes_through_a_proxy_reads_them_unless_a_setting_says_so(string path)
    {
        await using var closed = await StartAsync();
        await using var open = await StartAsync(("LocalMailbox:AnswerEveryone", "true"));

        Assert.Equal(HttpStatusCode.NotFound, await ThroughProxyAsync(closed, path));
        Assert.Equal(HttpStatusCode.OK, await ThroughProxyAsync(open, path));
    }

    [Theory]
    [InlineData("/dev/mail")]
    [InlineData("/dev/mailbox")]
    public async Task There_is_no_mailbox_where_mails_leave(string path)
    {
        await using var house = await StartAsync(("Smtp:Host", "127.0.0.1"), ("Smtp:From", "shop@example.com"));
        using var emma = new Person(house);

        using var answer = await emma.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Outside_development_a_host_that_could_not_mail_does_not_start()
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            SignInHouse.StartAsync(s =>
            {
                s.Environment = Environments.Production;
                s.MailSettings = [];
            })
        );

        Assert.Contains("Smtp:Host", e.Message, StringComparison.Ordinal);
        Assert.Contains("Smtp:From", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Smtp:From", "")]
    [InlineData("Smtp:From", "nobody")]
    [InlineData("Smtp:Port", "0")]
    public async Task A_setting_that_no_server_would_take_stops_the_host_and_is_named(string key, string value)
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            StartAsync(("Smtp:Host", "127.0.0.1"), ("Smtp:From", "shop@example.com"), (key, value))
        );

        Assert.Contains(key, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_user_s_mails_are_forgotten_and_nobody_else_s()
    {
        await using var house = await StartAsync();
        using var emma = await Person.SignedInAsync(house);
        await house.MailSender.SendAsync(new Mail(emma.Email, "hers", "text"), Token);
        await house.MailSender.SendAsync(new Mail("other@example.com", "another's", "text"), Token);

        await house.Users.DeleteAsync((await emma.WhoAsync())!, Token);

        Assert.Equal(["another's"], (await ReadAsync(emma, "")).Select(m => m.GetProperty("subject").GetString()));
    }

    private static Task<SignInHouse> StartAsync(params (string Key, string Value)[] settings) =>
        SignInHouse.StartAsync(s =>
        {
            s.MailSettings = [];
            foreach (var (key, value) in settings)
            {
                s.MailSettings[key] = value;
            }
        });

    private static async Task<List<JsonElement>> ReadAsync(Person person, string query)
    {
        using var answer = await person.GetAsync("/dev/mail" + query, "application/json");
        return [.. (await answer.JsonAsync()).EnumerateArray()];
    }

    private static async Task<HttpStatusCode> ThroughProxyAsync(SignInHouse house, string path)
    {
        using var stranger = new Person(house);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", "192.0.2.7");
        using var answer = await stranger.SendAsync(request);
        return answer.StatusCode;
    }
}
