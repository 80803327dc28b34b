using System.Globalization;

namespace PayPerUse.SignIn.Tests.Mailing;

/// <summary>The mail with a code of an app that has no words of its own.</summary>
public sealed class CodeMailTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nl", "Je code is ", "Hij werkt 12 minuten", "Tot gauw,\nde winkel nl")]
    [InlineData("fr", "Votre code est ", "Il fonctionne 12 minutes", "À bientôt,\nde winkel fr")]
    [InlineData("de", "Code zum Anmelden: ", "gilt 12 Minuten", "Bis bald,\nde winkel de")]
    [InlineData("sv", "Your code is ", "It works for 12 minutes", "See you soon,\nde winkel sv")]
    public async Task It_speaks_the_visitor_s_language_and_its_code_works(
        string language,
        string subject,
        string time,
        string ending
    )
    {
        await using var house = await StartAsync(o =>
        {
            o.CodeTime = TimeSpan.FromMinutes(12);
            o.Signature = () => "de winkel " + CultureInfo.CurrentUICulture.Name;
        });
        using var emma = new Person(house);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin");
        request.Content = new FormUrlEncodedContent([new("email", emma.Email)]);
        request.Headers.AcceptLanguage.ParseAdd(language);

        using var asked = await emma.SendAsync(request);

        var mail = Assert.Single(await house.Mailbox.ReadAsync(emma.Email, Token));
        Assert.StartsWith(subject, mail.Subject, StringComparison.Ordinal);
        var code = mail.Subject[^6..];
        Assert.Contains(code, mail.Text, StringComparison.Ordinal);
        Assert.Contains(time, mail.Text, StringComparison.Ordinal);
        Assert.EndsWith("\n\n" + ending, mail.Text, StringComparison.Ordinal);
        using var verified = await emma.PostFormAsync("/signin/verify", ("email", emma.Email), ("code", code));
        Assert.NotNull(await emma.WhoAsync());
    }

    [Fact]
    public async Task Nobody_signs_it_where_no_signature_is_set()
    {
        await using var house = await StartAsync(_ => { });
        using var emma = new Person(house);

        using var asked = await emma.PostFormAsync("/signin", ("email", emma.Email));

        var mail = Assert.Single(await house.Mailbox.ReadAsync(emma.Email, Token));
        Assert.EndsWith("without this code nobody gets in.", mail.Text, StringComparison.Ordinal);
    }

    private static Task<SignInHouse> StartAsync(Action<SignInOptions> options) =>
        SignInHouse.StartAsync(s =>
        {
            s.HasMailer = false;
            s.MailSettings = [];
            s.Options = options;
        });
}
