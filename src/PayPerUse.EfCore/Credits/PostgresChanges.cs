using System.Collections.Immutable;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>What a batch came to, as the statement that saves it: arrays, one a column, of all accounts together.</summary>
internal sealed class PostgresChanges
{
    private readonly ImmutableArray<CreditAccountChange> _changes;
    private readonly List<object> _values = new(32);
    private PostgresSaveParts _parts;

    private PostgresChanges(ImmutableArray<CreditAccountChange> changes) => _changes = changes;

    /// <summary>The statement that saves changes; it fails unless every account still has the version before.</summary>
    /// <param name="changes">What is saved, in the order in which the rows are to be locked.</param>
    /// <param name="sql">The statements.</param>
    /// <param name="refusesKnownIds">
    /// Whether it shall also fail when an id is not new: for accounts that were not read under their lock.
    /// </param>
    public static PostgresStatement ToStatement(
        ImmutableArray<CreditAccountChange> changes,
        PostgresSaveSql sql,
        bool refusesKnownIds
    )
    {
        var save = new PostgresChanges(changes);
        save.AddAccounts();
        save.AddGrants();
        save.AddReservations();
        save.AddLog(refusesKnownIds);
        return new PostgresStatement(sql[save._parts], [.. save._values]);
    }

    private void AddAccounts()
    {
        var rows = new CreditAccount[_changes.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = _changes[i].After;
        }

        _values.AddRange(
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

    private void AddGrants()
    {
        var added = new List<(string Account, CreditGrant Grant)>();
        var updated = new List<(string Account, CreditGrant Grant)>(_changes.Length);
        foreach (var change in _changes)
        {
            foreach (var grant in change.Grants)
            {
                (Has(change.Before.Grants, grant.Id) ? updated : added).Add((change.After.Id.Value, grant));
            }
        }

        if (added.Count > 0)
        {
            var rows = added.ToArray();
            _parts |= PostgresSaveParts.AddedGrants;
            _values.AddRange(
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
            );
        }

        if (updated.Count > 0)
        {
            var rows = updated.ToArray();
            _parts |= PostgresSaveParts.Grants;
            _values.AddRange(
                Array.ConvertAll(rows, static r => r.Account),
                Array.ConvertAll(rows, static r => r.Grant.Id),
                Array.ConvertAll(rows, static r => r.Grant.Free),
                Array.ConvertAll(rows, static r => r.Grant.Reserved),
                Array.ConvertAll(rows, static r => r.Grant.Revoked),
                Array.ConvertAll(rows, static r => r.Grant.UsableUntil?.ToUnixTimeMilliseconds()),
                Array.ConvertAll(rows, static r => r.Grant.IsLive())
            );
        }
    }

    private void AddReservations()
    {
        var added = new List<(string Account, CreditReservation Reservation)>();
        var updated = new List<(string Account, CreditReservation Reservation)>();
        foreach (var change in _changes)
        {
            foreach (var reservation in change.Reservations)
            {
                (change.Before.Reservations.ContainsKey(reservation.Id) ? updated : added).Add(
                    (change.After.Id.Value, reservation)
                );
            }
        }

        AddReservations(PostgresSaveParts.AddedReservations, [.. added]);
        AddReservations(PostgresSaveParts.Reservations, [.. updated]);
    }

    private void AddReservations(PostgresSaveParts part, (string Account, CreditReservation Reservation)[] rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        _parts |= part;
        _values.AddRange(
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
    }

    private void AddLog(bool refusesKnownIds)
    {
        var count = 0;
        foreach (var change in _changes)
        {
            count += change.Entries.Length;
        }

        if (count == 0)
        {
            return;
        }

        var rows = new (string Account, CreditEntry Entry)[count];
        foreach (var change in _changes)
        {
            foreach (var entry in change.Entries)
            {
                rows[^count--] = (change.After.Id.Value, entry);
                _parts |= refusesKnownIds ? FindRefusal(entry.Kind) : PostgresSaveParts.None;
            }
        }

        _parts |= PostgresSaveParts.Log;
        _values.AddRange(
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
        );
    }

    private static PostgresSaveParts FindRefusal(CreditEntryKind kind) =>
        kind switch
        {
            CreditEntryKind.Spend => PostgresSaveParts.RefuseKnownSpends,
            CreditEntryKind.Reserve => PostgresSaveParts.RefuseKnownReserves,
            _ => PostgresSaveParts.None,
        };

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
