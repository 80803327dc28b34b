using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>
/// Writes what a batch came to, one table after the other and each in the order of the accounts: neighbours share a page of the
/// table and of its indexes, which is then found once for all of them.
/// </summary>
/// <param name="session">The writer's connection, in its transaction.</param>
/// <param name="sql">The statements.</param>
internal sealed class SqliteChanges(SqliteSession session, SqliteCreditSql sql)
{
    public void Save(ImmutableArray<CreditAccountChange> changes)
    {
        var ordered = changes.Sort(static (a, b) => a.After.Id.CompareTo(b.After.Id));
        foreach (var change in ordered)
        {
            SaveAccount(change);
        }

        foreach (var change in ordered)
        {
            SaveGrants(change);
        }

        foreach (var change in ordered)
        {
            SaveReservations(change);
        }

        foreach (var change in ordered)
        {
            AppendToLog(change);
        }
    }

    private void SaveAccount(CreditAccountChange change)
    {
        var after = change.After;
        session.Run(
            change.Before.Version == 0 ? sql.InsertAccount : sql.UpdateAccount,
            after.Id.Value,
            after.Free,
            after.Reserved,
            after.Debt,
            after.RateWindowStart.ToUnixTimeMilliseconds(),
            after.RateCount,
            after.LastTime.ToUnixTimeMilliseconds(),
            after.Sequence,
            after.Version
        );
    }

    private void SaveGrants(CreditAccountChange change)
    {
        foreach (var grant in change.Grants)
        {
            if (Find(change.Before.Grants, grant.Id) is not { } before)
            {
                Insert(change.After.Id, grant);
            }
            else if (before.UsableUntil == grant.UsableUntil && before.IsLive() == grant.IsLive())
            {
                session.Run(
                    sql.UpdateGrantCredits,
                    change.After.Id.Value,
                    grant.Id,
                    grant.Free,
                    grant.Reserved,
                    grant.Revoked
                );
            }
            else
            {
                session.Run(
                    sql.UpdateGrant,
                    change.After.Id.Value,
                    grant.Id,
                    grant.Free,
                    grant.Reserved,
                    grant.Revoked,
                    grant.UsableUntil?.ToUnixTimeMilliseconds(),
                    grant.IsLive()
                );
            }
        }
    }

    private void Insert(AccountId account, CreditGrant grant) =>
        session.Run(
            sql.InsertGrant,
            account.Value,
            grant.Id,
            grant.Source,
            grant.Credits,
            grant.Free,
            grant.Reserved,
            grant.Revoked,
            grant.GrantedAt.ToUnixTimeMilliseconds(),
            grant.ExpiresAt?.ToUnixTimeMilliseconds(),
            grant.UsableUntil?.ToUnixTimeMilliseconds(),
            grant.IsLive()
        );

    private void SaveReservations(CreditAccountChange change)
    {
        foreach (var r in change.Reservations)
        {
            session.Run(
                sql.SaveReservation,
                change.After.Id.Value,
                r.Id,
                r.Attempt,
                r.Action,
                r.Credits,
                r.Committed,
                (short)r.State,
                r.ReservedAt.ToUnixTimeMilliseconds(),
                r.Deadline.ToUnixTimeMilliseconds(),
                r.BalanceAfter,
                r.BalanceAtEnd,
                r.EndedAt?.ToUnixTimeMilliseconds(),
                GrantChangesText.Write(r.Burns)
            );
        }
    }

    private void AppendToLog(CreditAccountChange change)
    {
        foreach (var e in change.Entries)
        {
            session.Run(
                sql.InsertLog,
                change.After.Id.Value,
                e.Sequence,
                e.OperationId,
                e.Attempt,
                (short)e.Kind,
                e.Action,
                e.Credits,
                e.Balance,
                e.Target,
                GrantChangesText.Write(e.Grants),
                e.At.ToUnixTimeMilliseconds()
            );
        }
    }

    private static CreditGrant? Find(ImmutableArray<CreditGrant> grants, string id)
    {
        foreach (var grant in grants)
        {
            if (string.Equals(grant.Id, id, StringComparison.Ordinal))
            {
                return grant;
            }
        }

        return null;
    }
}
