using PayPerUse.SignIn.Mailing;

namespace PayPerUse.SignIn.Tests.Mailing;

/// <summary>Mails that really leave, to a server that says what it got.</summary>
public sealed class SmtpMailSenderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_arrives_with_its_sender_its_subject_and_its_words()
    {
        using var server = new PostOffice();
        await using var house = await StartAsync(server);

        await house.MailSender.SendAsync(new Mail("emma@example.com", "Je code is 123456", "één keer"), Token);

        var mail = Assert.Single(server.Mails);
        var from = Assert.Single(mail.From.Mailboxes);
        Assert.Equal(("Shop", "post@shop.example"), (from.Name, from.Address));
        Assert.Equal("emma@example.com", mail.To.ToString());
        Assert.Equal("Je code is 123456", mail.Subject);
        Assert.Equal("één keer", mail.TextBody?.TrimEnd());
    }

    [Fact]
    public async Task A_line_break_in_a_subject_makes_no_header()
    {
        using var server = new PostOffice();
        await using var house = await StartAsync(server);

        await house.MailSender.SendAsync(new Mail("emma@example.com", "a\r\nBcc: x@example.com", "text"), Token);

        Assert.Empty(Assert.Single(server.Mails).Bcc);
    }

    [Fact]
    public async Task A_server_that_refuses_is_told_by_name_and_the_mail_has_failed()
    {
        using var server = new PostOffice { Refuses = true };
        await using var house = await StartAsync(server);

        var e = await Assert.ThrowsAsync<SignInMailException>(() =>
            house.MailSender.SendAsync(new Mail("emma@example.com", "subject", "text"), Token)
        );

        Assert.Contains($"127.0.0.1:{server.Port}", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("emma", e.Message, StringComparison.Ordinal);
    }

    private static Task<SignInHouse> StartAsync(PostOffice server) =>
        SignInHouse.StartAsync(s =>
            s.MailSettings = new()
            {
                ["Smtp:Host"] = "127.0.0.1",
                ["Smtp:Port"] = $"{server.Port}",
                ["Smtp:Security"] = "None",
                ["Smtp:From"] = "Shop <post@shop.example>",
            }
        );
}
