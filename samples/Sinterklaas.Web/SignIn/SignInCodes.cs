using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Mail;

namespace Sinterklaas.Web.SignIn;

/// <summary>What asking for a code came to: a ticket for the asking browser, or a wait.</summary>
public readonly record struct CodeSent(string? Ticket, TimeSpan? RetryAfter);

/// <summary>What trying a code came to. Neither a user nor a wait: the code was wrong or has ended.</summary>
public readonly record struct CodeTried(User? User, TimeSpan? RetryAfter);

/// <summary>Mails codes and checks them. Somebody new is treated like somebody known: no answer tells them apart.</summary>
public sealed class SignInCodes(
    IDbContextFactory<AppDbContext> contexts,
    SignInLimits limits,
    IMailSender mails,
    SignInMail mail,
    IOptions<SignInOptions> options,
    TimeProvider clock
)
{
    private readonly SignInOptions _options = options.Value;

    /// <summary>Mails a code.</summary>
    /// <exception cref="MailFailedException">The mail did not leave.</exception>
    public async Task<CodeSent> SendAsync(string email, IPAddress? ip, CancellationToken ct)
    {
        var hour = TimeSpan.FromHours(1);
        var ofAddress = await limits.TakeAsync("mail:" + email, _options.MailsPerHourPerAddress, hour, ct);
        if (ofAddress.RetryAfter is not null)
        {
            return new CodeSent(null, ofAddress.RetryAfter);
        }

        var ofIp = await limits.TakeAsync("ip:" + NetworkOf(ip), _options.MailsPerHourPerIp, hour, ct);
        if (ofIp.RetryAfter is not null)
        {
            await limits.GiveBackAsync(ofAddress.Id, ct);
            return new CodeSent(null, ofIp.RetryAfter);
        }

        var ticket = SignInTicket.New();
        var code = SignInTicket.NewCode();
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.SignInCodes.Where(c => c.ExpiresAt <= now).ExecuteDeleteAsync(ct);
        db.SignInCodes.Add(
            new SignInCode
            {
                Email = email,
                TicketHash = SignInTicket.Hash(ticket),
                CodeHash = SignInTicket.Hash(ticket, code),
                ExpiresAt = now.AddMinutes(_options.CodeMinutes),
            }
        );
        await db.SaveChangesAsync(ct);
        await mails.SendAsync(mail.Write(email, code, _options.CodeMinutes), ct);
        return new CodeSent(ticket, RetryAfter: null);
    }

    /// <summary>Tries a code. Every try counts as a failure until it proves right, so that many at once gain nothing.</summary>
    public async Task<CodeTried> TryAsync(string email, string code, string? ticket, CancellationToken ct)
    {
        var place = await limits.TakeAsync(
            "fail:" + email,
            _options.FailuresPerDayPerAddress,
            TimeSpan.FromDays(1),
            ct
        );
        if (place.RetryAfter is not null)
        {
            return new CodeTried(null, place.RetryAfter);
        }

        if (ticket is null || !await UseAsync(email, code, ticket, ct))
        {
            return default;
        }

        await limits.GiveBackAsync(place.Id, ct);
        return new CodeTried(await FindOrAddUserAsync(email, ct), RetryAfter: null);
    }

    private async Task<bool> UseAsync(string email, string code, string ticket, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var newest = await db
            .SignInCodes.AsNoTracking()
            .Where(c => c.Email == email)
            .OrderByDescending(c => c.Id)
            .FirstOrDefaultAsync(ct);
        if (newest is null || newest.TicketHash != SignInTicket.Hash(ticket))
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var open = db.SignInCodes.Where(c => c.Id == newest.Id && c.UsedAt == null && c.ExpiresAt > now);
        var isCounted = await open.Where(c => c.Tries < _options.TriesPerCode)
            .ExecuteUpdateAsync(c => c.SetProperty(x => x.Tries, x => x.Tries + 1), ct);
        return isCounted == 1
            && SignInTicket.AreEqual(newest.CodeHash, SignInTicket.Hash(ticket, code))
            && await open.ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, now), ct) == 1;
    }

    private async Task<User> FindOrAddUserAsync(string email, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Email == email, ct);
        if (known is not null)
        {
            return known;
        }

        var added = new User
        {
            Id = "u-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Email = email,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Users.Add(added);
        await db.SaveChangesAsync(ct);
        return added;
    }

    // One customer of an IPv6 provider holds a whole /64.
    private static string NetworkOf(IPAddress? ip) =>
        ip switch
        {
            null => "unknown",
            { IsIPv4MappedToIPv6: true } => ip.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexStringLower(ip.GetAddressBytes()[..8]),
            _ => ip.ToString(),
        };
}
