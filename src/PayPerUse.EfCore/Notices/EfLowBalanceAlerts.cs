using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Credits;
using PayPerUse.EfCore.Credits;
using PayPerUse.EfCore.Payments;
using PayPerUse.Notices;

namespace PayPerUse.EfCore.Notices;

internal static class AccountOrder
{
    // Not compared here but in the database, by the column's own ordinal collation.
#pragma warning disable CA1309
    public static IQueryable<CreditAccountRow> After(this IQueryable<CreditAccountRow> rows, string account) =>
        rows.Where(a => string.Compare(a.Account, account) > 0);
#pragma warning restore CA1309
}

/// <summary>Which accounts are low, in <c>low_balances</c>.</summary>
internal sealed class EfLowBalanceAlerts(IContextSource contexts) : ILowBalanceAlerts
{
    public Task<ImmutableArray<AccountId>> FindLowAsync(
        long balance,
        AccountId? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var from = after?.Value ?? "";
        return contexts.RunAsync(async context =>
        {
            var accounts = await context
                .Set<CreditAccountRow>()
                .AsNoTracking()
                .After(from)
                .Where(a =>
                    a.MergedInto == null
                    && a.Free - a.Debt <= balance
                    && !context.Set<LowBalanceRow>().Any(l => l.Account == a.Account)
                )
                .OrderBy(a => a.Account)
                .Select(a => a.Account)
                .Take(limit)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            return accounts.Select(AccountId.Parse).ToImmutableArray();
        });
    }

    public Task<bool> TryRaiseAsync(
        AccountId account,
        long balance,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        contexts.RunAsync(async context =>
        {
            var value = account.Value;
            if (
                await context
                    .Set<LowBalanceRow>()
                    .AnyAsync(l => l.Account == value, cancellationToken)
                    .ConfigureAwait(false)
            )
            {
                return false;
            }

            var at = now.ToUnixTimeMilliseconds();
            context.Add(
                new LowBalanceRow
                {
                    Account = value,
                    Balance = balance,
                    RaisedAt = at,
                    NoticeAt = at,
                }
            );
            try
            {
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (DbUpdateException e) when (DatabaseFailure.IsUniqueViolation(e))
            {
                return false;
            }
        });

    public Task ClearAsync(long balance, CancellationToken cancellationToken) =>
        contexts.RunAsync(context =>
            context
                .Set<LowBalanceRow>()
                .Where(l =>
                    context.Set<CreditAccountRow>().Any(a => a.Account == l.Account && a.Free - a.Debt > balance)
                )
                .ExecuteDeleteAsync(cancellationToken)
        );

    public Task<ImmutableArray<LowBalanceAlert>> FindDueAlertsAsync(
        DateTimeOffset now,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        return contexts.RunAsync(async context =>
        {
            var rows = await context
                .Set<LowBalanceRow>()
                .AsNoTracking()
                .Where(l => l.NoticeAt <= milliseconds)
                .OrderBy(l => l.NoticeAt)
                .Take(limit)
                .ToListAsync(cancellationToken)
                .ConfigureAwait(false);
            return rows.Select(r => new LowBalanceAlert(
                    AccountId.Parse(r.Account),
                    r.Balance,
                    DateTimeOffset.FromUnixTimeMilliseconds(r.RaisedAt),
                    DateTimeOffset.FromUnixTimeMilliseconds(r.NoticeAt!.Value)
                ))
                .ToImmutableArray();
        });
    }

    public Task<bool> TryMoveAlertAsync(
        LowBalanceAlert alert,
        DateTimeOffset? next,
        CancellationToken cancellationToken
    )
    {
        var account = alert.Account.Value;
        var raised = alert.RaisedAt.ToUnixTimeMilliseconds();
        var from = alert.DueAt.ToUnixTimeMilliseconds();
        var to = next?.ToUnixTimeMilliseconds();
        return contexts.RunAsync(async context =>
            await context
                .Set<LowBalanceRow>()
                .Where(l => l.Account == account && l.RaisedAt == raised && l.NoticeAt == from)
                .ExecuteUpdateAsync(l => l.SetProperty(r => r.NoticeAt, to), cancellationToken)
                .ConfigureAwait(false) > 0
        );
    }
}
