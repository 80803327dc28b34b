using System.Security.Cryptography;
using System.Text;
using PayPerUse.Credits;

namespace PayPerUse.Testing.Credits;

public sealed partial class NaiveCredits
{
    /// <summary>The account that this one was merged into.</summary>
    public AccountId? MergedInto { get; private set; }

    /// <summary>Pours all that one account has into another, coin by coin, and closes it.</summary>
    public static CreditMergeResult Merge(NaiveCredits source, NaiveCredits target, DateTimeOffset hostNow)
    {
        if (source.MergedInto is { } into)
        {
            return new(into == target.Id ? CreditMergeStatus.AlreadyMerged : CreditMergeStatus.SourceClosed, into);
        }

        if (target.MergedInto is { } beyond)
        {
            return new(CreditMergeStatus.TargetClosed, beyond);
        }

        var now = new[] { hostNow, source._time, target._time }.Max();
        if (source._holds.Exists(h => h.State == ReservationState.Open && now < h.Deadline))
        {
            return new(CreditMergeStatus.ReservationsOpen, null);
        }

        source.PerformDue(now);
        target.PerformDue(now);
        foreach (var lot in InBurnOrder(source._lots).ToList())
        {
            target.TakeIn(lot, source, now);
        }

        var id = NameOf("account", source.Id, target.Id.Value);
        if (source.Debt > 0)
        {
            target.TakeDebt(source.Debt, id, now);
        }

        source.Close(target.Id, id, now);
        return new(CreditMergeStatus.Merged, target.Id);
    }

    private void TakeIn(Lot lot, NaiveCredits source, DateTimeOffset now)
    {
        var isTaken =
            _known.Exists(k => k.Id == lot.Id)
            || _lots.Exists(l => l.Id == lot.Id)
            || _holds.Exists(h => h.Id == lot.Id);
        var id = isTaken ? NameOf("grant", source.Id, lot.Id) : lot.Id;
        var mine = new Lot(id, lot.Source, lot.Credits, lot.At, lot.Expiry)
        {
            End = lot.End,
            HadGrace = lot.HadGrace,
            Revoked = lot.Revoked,
        };
        _lots.Add(mine);
        var coins = source._free.Count(c => c.Lot == lot);
        WriteLine(id, CreditEntryKind.MergeIn, coins, MakeFree(mine, coins, now, isReturn: false), now);

        // What a grant of this id and number would have been; but nobody asked this account for it.
        _known.Add(new Known(id, $"{CreditCommandKind.Grant} {lot.Source} {lot.Credits} ", Guid.Empty, null));
    }

    private void TakeDebt(int debt, string id, DateTimeOffset now)
    {
        var paid = InBurnOrder().Take(debt).ToList();
        paid.ForEach(c => _free.Remove(c));
        Debt += debt - paid.Count;
        WriteLine(id, CreditEntryKind.MergeDebt, -debt, paid.Select(c => (c.Lot, -1)), now);
        _known.Add(new Known(id, "", Guid.Empty, null));
    }

    private void Close(AccountId into, string id, DateTimeOffset now)
    {
        var (left, gone) = (Balance, InBurnOrder().ToList());
        _free.Clear();
        (Debt, MergedInto) = (0, into);
        WriteLine(id, CreditEntryKind.MergeOut, -left, gone.Select(c => (c.Lot, -1)), now);
        _known.Add(new Known(id, "", Guid.Empty, null));
    }

    private Answer RecallMerged(CreditCommand command)
    {
        var lot = _lots.Single(l => l.Id == command.Id);
        return new Answer(CreditStatus.Replayed, Balance, lot.Credits, lot.At);
    }

    /// <summary>A name made of both accounts, the same on every host and in every version: databases are full of it.</summary>
    private static string NameOf(string what, AccountId source, string name) =>
        "merge:"
        + Convert
            .ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{source.Value}\n{name}")))[..32]
            .ToLowerInvariant();
}
