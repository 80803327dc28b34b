using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>What a batch came to, as the statements that save it: arrays, one a column, of all accounts together.</summary>
/// <param name="sql">The statements.</param>
internal sealed class PostgresChanges(PostgresCreditSql sql)
{
    public List<PostgresStatement> ToStatements(ImmutableArray<CreditAccountChange> changes)
    {
        var statements = new List<PostgresStatement>(6) { SaveAccounts(changes) };
        AddGrants(statements, changes);
        AddReservations(statements, changes);
        AddLog(statements, changes);
        return statements;
    }

    private PostgresStatement SaveAccounts(ImmutableArray<CreditAccountChange> changes)
    {
        var rows = new CreditAccount[changes.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = changes[i].After;
        }

        return new(
            sql.UpdateAccounts,
            Array.ConvertAll(rows, static r => r.Id.Value),
            Array.ConvertAll(rows, static r => r.Free),
            Array.ConvertAll(rows, static r => r.Reserved),
            Array.ConvertAll(rows, static r => r.Debt),
            Array.ConvertAll(rows, static r => r.RateWindowStart.ToUnixTimeMilliseconds()),
            Array.ConvertAll(rows, static r => r.RateCount),
            Array.ConvertAll(rows, static r => r.LastTime.ToUnixTimeMilliseconds()),
            Array.ConvertAll(rows, static r => r.Sequence),
            Array.ConvertAll(rows, static r => r.Version)
        );
    }

    private void AddGrants(List<PostgresStatement> statements, ImmutableArray<CreditAccountChange> changes)
    {
        var added = new List<(string Account, CreditGrant Grant)>();
        var updated = new List<(string Account, CreditGrant Grant)>(changes.Length);
        foreach (var change in changes)
        {
            foreach (var grant in change.Grants)
            {
                (Has(change.Before.Grants, grant.Id) ? updated : added).Add((change.After.Id.Value, grant));
            }
        }

        if (added.Count > 0)
        {
            var rows = added.ToArray();
            statements.Add(
                new(
                    sql.InsertGrants,
                    Array.ConvertAll(rows, static r => r.Account),
                    Array.ConvertAll(rows, static r => r.Grant.Id),
                    Array.ConvertAll(rows, static r => r.Grant.Source),
                    Array.ConvertAll(rows, static r => r.Grant.Credits),
                    Array.ConvertAll(rows, static r => r.Grant.Free),
                    Array.ConvertAll(rows, static r => r.Grant.Reserved),
                    Array.ConvertAll(rows, static r => r.Grant.Revoked),
                    Array.ConvertAll(rows, static r => r.Grant.GrantedAt.ToUnixTimeMilliseconds()),
                    Array.ConvertAll(rows, static r => r.Grant.ExpiresAt?.ToUnixTimeMilliseconds()),
                    Array.ConvertAll(rows, static r => r.Grant.UsableUntil?.ToUnixTimeMilliseconds()),
                    Array.ConvertAll(rows, static r => r.Grant.IsLive())
                )
            );
        }

        if (updated.Count > 0)
        {
            var rows = updated.ToArray();
            statements.Add(
                new(
                    sql.UpdateGrants,
                    Array.ConvertAll(rows, static r => r.Account),
                    Array.ConvertAll(rows, static r => r.Grant.Id),
                    Array.ConvertAll(rows, static r => r.Grant.Free),
                    Array.ConvertAll(rows, static r => r.Grant.Reserved),
                    Array.ConvertAll(rows, static r => r.Grant.Revoked),
                    Array.ConvertAll(rows, static r => r.Grant.UsableUntil?.ToUnixTimeMilliseconds()),
                    Array.ConvertAll(rows, static r => r.Grant.IsLive())
                )
            );
        }
    }

    private void AddReservations(List<PostgresStatement> statements, ImmutableArray<CreditAccountChange> changes)
    {
        var added = new List<(string Account, CreditReservation Reservation)>();
        var updated = new List<(string Account, CreditReservation Reservation)>();
        foreach (var change in changes)
        {
            foreach (var reservation in change.Reservations)
            {
                (change.Before.Reservations.ContainsKey(reservation.Id) ? updated : added).Add(
                    (change.After.Id.Value, reservation)
                );
            }
        }

        if (added.Count > 0)
        {
            statements.Add(SaveReservations(sql.InsertReservations, [.. added]));
        }

        if (updated.Count > 0)
        {
            statements.Add(SaveReservations(sql.UpdateReservations, [.. updated]));
        }
    }

    private static PostgresStatement SaveReservations(
        string sql,
        (string Account, CreditReservation Reservation)[] rows
    ) =>
        new(
            sql,
            Array.ConvertAll(rows, static r => r.Account),
            Array.ConvertAll(rows, static r => r.Reservation.Id),
            Array.ConvertAll(rows, static r => r.Reservation.Attempt),
            Array.ConvertAll(rows, static r => r.Reservation.Action),
            Array.ConvertAll(rows, static r => r.Reservation.Credits),
            Array.ConvertAll(rows, static r => r.Reservation.Committed),
            Array.ConvertAll(rows, static r => (short)r.Reservation.State),
            Array.ConvertAll(rows, static r => r.Reservation.ReservedAt.ToUnixTimeMilliseconds()),
            Array.ConvertAll(rows, static r => r.Reservation.Deadline.ToUnixTimeMilliseconds()),
            Array.ConvertAll(rows, static r => r.Reservation.BalanceAfter),
            Array.ConvertAll(rows, static r => r.Reservation.BalanceAtEnd),
            Array.ConvertAll(rows, static r => r.Reservation.EndedAt?.ToUnixTimeMilliseconds()),
            Array.ConvertAll(rows, static r => GrantChangesText.Write(r.Reservation.Burns))
        );

    private void AddLog(List<PostgresStatement> statements, ImmutableArray<CreditAccountChange> changes)
    {
        var count = 0;
        foreach (var change in changes)
        {
            count += change.Entries.Length;
        }

        if (count == 0)
        {
            return;
        }

        var rows = new (string Account, CreditEntry Entry)[count];
        foreach (var change in changes)
        {
            foreach (var entry in change.Entries)
            {
                rows[^count--] = (change.After.Id.Value, entry);
            }
        }

        statements.Add(
            new(
                sql.InsertLog,
                Array.ConvertAll(rows, static r => r.Account),
                Array.ConvertAll(rows, static r => r.Entry.Sequence),
                Array.ConvertAll(rows, static r => r.Entry.OperationId),
                Array.ConvertAll(rows, static r => r.Entry.Attempt),
                Array.ConvertAll(rows, static r => (short)r.Entry.Kind),
                Array.ConvertAll(rows, static r => r.Entry.Action),
                Array.ConvertAll(rows, static r => r.Entry.Credits),
                Array.ConvertAll(rows, static r => r.Entry.Balance),
                Array.ConvertAll(rows, static r => r.Entry.Target!),
                Array.ConvertAll(rows, static r => GrantChangesText.Write(r.Entry.Grants)),
                Array.ConvertAll(rows, static r => r.Entry.At.ToUnixTimeMilliseconds())
            )
        );
    }

    private static bool Has(ImmutableArray<CreditGrant> grants, string id)
    {
        foreach (var grant in grants)
        {
            if (string.Equals(grant.Id, id, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
