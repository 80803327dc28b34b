using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using PayPerUse.SignIn.Data;

namespace PayPerUse.SignIn.Codes;

/// <summary>What asking for a code came to: a ticket for the asking browser, or a wait.</summary>
internal readonly record struct CodeSent(string? Ticket, TimeSpan? RetryAfter);

/// <summary>What trying a code came to. Neither a user nor a wait: the code was wrong or has ended.</summary>
internal readonly record struct CodeTried(SignInUser? User, TimeSpan? RetryAfter);

/// <summary>Mails codes and checks them. Somebody new is treated like somebody known: no answer tells them apart.</summary>
internal sealed class SignInCodes(
    ISignInContexts contexts,
    SignInLimits limits,
    SignInUsers users,
    ISignInMailer mailer,
    IOptions<SignInOptions> options,
    TimeProvider clock
)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly SignInOptions _options = options.Value;

    /// <summary>Mails a code.</summary>
    /// <exception cref="SignInMailException">The mail did not leave.</exception>
    public async Task<CodeSent> SendAsync(string email, IPAddress? ip, CancellationToken cancellationToken)
    {
        var ofAddress = await limits
            .TakeAsync("mail", email, _options.MailsPerHourPerAddress, Hour, cancellationToken)
            .ConfigureAwait(false);
        if (ofAddress.RetryAfter is not null)
        {
            return new CodeSent(null, ofAddress.RetryAfter);
        }

        var ofIp = await limits
            .TakeAsync("ip", NetworkOf(ip), _options.MailsPerHourPerIp, Hour, cancellationToken)
            .ConfigureAwait(false);
        if (ofIp.RetryAfter is not null)
        {
            await limits.GiveBackAsync(ofAddress.Id, cancellationToken).ConfigureAwait(false);
            return new CodeSent(null, ofIp.RetryAfter);
        }

        var ticket = SignInTicket.New();
        var code = SignInTicket.NewCode();
        await KeepAsync(email, ticket, code, cancellationToken).ConfigureAwait(false);
        var mail = new SignInMail(email, code, _options.CodeTime, CultureInfo.CurrentUICulture);
        await mailer.SendAsync(mail, cancellationToken).ConfigureAwait(false);
        return new CodeSent(ticket, RetryAfter: null);
    }

    /// <summary>Tries a code. Every try counts as a failure until it proves right, so that many at once gain nothing.</summary>
    public async Task<CodeTried> TryAsync(
        string email,
        string code,
        string? ticket,
        CancellationToken cancellationToken
    )
    {
        var place = await limits
            .TakeAsync("fail", email, _options.FailuresPerDayPerAddress, Day, cancellationToken)
            .ConfigureAwait(false);
        if (place.RetryAfter is not null)
        {
            return new CodeTried(null, place.RetryAfter);
        }

        if (ticket is null || !await UseAsync(email, code, ticket, cancellationToken).ConfigureAwait(false))
        {
            return default;
        }

        await limits.GiveBackAsync(place.Id, cancellationToken).ConfigureAwait(false);
        return new CodeTried(await users.FindOrAddAsync(email, cancellationToken).ConfigureAwait(false), null);
    }

    private Task<int> KeepAsync(string email, string ticket, string code, CancellationToken cancellationToken) =>
        contexts.RunAsync(async db =>
        {
            var now = clock.GetUtcNow();
            var codes = db.Set<SignInCode>();
            await codes.Where(c => c.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
            codes.Add(
                new SignInCode
                {
                    Email = email,
                    TicketHash = SignInTicket.Hash(ticket),
                    CodeHash = SignInTicket.Hash(ticket, code),
                    ExpiresAt = now + _options.CodeTime,
                }
            );
            return await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        });

    private Task<bool> UseAsync(string email, string code, string ticket, CancellationToken cancellationToken) =>
        contexts.RunAsync(async db =>
        {
            var codes = db.Set<SignInCode>();
            var newest = await codes
                .AsNoTracking()
                .Where(c => c.Email == email)
                .OrderByDescending(c => c.Id)
                .FirstOrDefaultAsync(cancellationToken)
                .ConfigureAwait(false);
            if (newest is null || newest.TicketHash != SignInTicket.Hash(ticket))
            {
                return false;
            }

            var now = clock.GetUtcNow();
            var open = codes.Where(c => c.Id == newest.Id && c.UsedAt == null && c.ExpiresAt > now);
            var counted = await open.Where(c => c.Tries < _options.TriesPerCode)
                .ExecuteUpdateAsync(c => c.SetProperty(x => x.Tries, x => x.Tries + 1), cancellationToken)
                .ConfigureAwait(false);
            return counted == 1
                && SignInTicket.AreEqual(newest.CodeHash, SignInTicket.Hash(ticket, code))
                && await open.ExecuteUpdateAsync(c => c.SetProperty(x => x.UsedAt, now), cancellationToken)
                    .ConfigureAwait(false) == 1;
        });

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
