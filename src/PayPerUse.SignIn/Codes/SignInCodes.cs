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
    SignInSweep sweep,
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
        await sweep.RunAsync(cancellationToken).ConfigureAwait(false);
        var places = await limits
            .TakeAsync(
                cancellationToken,
                new SignInLimit("mail", email, _options.MailsPerHourPerAddress, Hour),
                new SignInLimit("ip", NetworkOf(ip), _options.MailsPerHourPerIp, Hour)
            )
            .ConfigureAwait(false);
        if (places.RetryAfter is not null)
        {
            return new CodeSent(null, places.RetryAfter);
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
        await sweep.RunAsync(cancellationToken).ConfigureAwait(false);
        var place = await limits
            .TakeAsync(cancellationToken, new SignInLimit("fail", email, _options.FailuresPerDayPerAddress, Day))
            .ConfigureAwait(false);
        if (place.RetryAfter is not null)
        {
            return new CodeTried(null, place.RetryAfter);
        }

        if (ticket is null || !await UseAsync(email, code, ticket, cancellationToken).ConfigureAwait(false))
        {
            return default;
        }

        await limits.GiveBackAsync(place, cancellationToken).ConfigureAwait(false);
        return new CodeTried(await users.FindOrAddAsync(email, cancellationToken).ConfigureAwait(false), null);
    }

    private Task<int> KeepAsync(string email, string ticket, string code, CancellationToken cancellationToken) =>
        contexts.RunAsync(async db =>
        {
            db.Add(
                new SignInCode
                {
                    Email = email,
                    TicketHash = SignInTicket.Hash(ticket),
                    CodeHash = SignInTicket.Hash(ticket, code),
                    ExpiresAt = clock.GetUtcNow() + _options.CodeTime,
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

            // A try is counted and a right code used up in one statement: of many at once one finds it open.
            var now = clock.GetUtcNow();
            var isRight = SignInTicket.AreEqual(newest.CodeHash, SignInTicket.Hash(ticket, code));
            DateTimeOffset? usedAt = isRight ? now : null;
            var counted = await codes
                .Where(c =>
                    c.Id == newest.Id && c.UsedAt == null && c.ExpiresAt > now && c.Tries < _options.TriesPerCode
                )
                .ExecuteUpdateAsync(
                    c => c.SetProperty(x => x.Tries, x => x.Tries + 1).SetProperty(x => x.UsedAt, usedAt),
                    cancellationToken
                )
                .ConfigureAwait(false);
            return isRight && counted == 1;
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
