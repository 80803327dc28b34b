using PayPerUse.Credits;

namespace PayPerUse.Testing.Credits;

public sealed partial class NaiveCredits
{
    private void PerformDue(DateTimeOffset now)
    {
        while (true)
        {
            var expiry = _free
                .Where(c => c.Lot.End <= now)
                .Select(c => c.Lot)
                .OrderBy(l => l.End)
                .ThenBy(l => l.At)
                .ThenBy(l => l.Id, StringComparer.Ordinal)
                .FirstOrDefault();
            var lapse = _holds
                .Where(h => h.State == ReservationState.Open && h.Deadline <= now)
                .OrderBy(h => h.Deadline)
                .ThenBy(h => h.Id, StringComparer.Ordinal)
                .FirstOrDefault();
            if (expiry is not null && (lapse is null || expiry.End <= lapse.Deadline))
            {
                var at = expiry.End!.Value > _time ? expiry.End.Value : _time;
                var gone = _free.RemoveAll(c => c.Lot == expiry);
                WriteLine(
                    "expire:" + expiry.Id,
                    CreditEntryKind.Expire,
                    -gone,
                    Enumerable.Repeat((expiry, -1), gone),
                    at
                );
            }
            else if (lapse is not null)
            {
                var at = lapse.Deadline > _time ? lapse.Deadline : _time;
                var back = End(lapse, ReservationState.Lapsed, 0, at);
                WriteLine("lapse:" + lapse.Id, CreditEntryKind.Lapse, lapse.Made.Credits, back, at);
                lapse.Ended = new Answer(CreditStatus.Lapsed, Balance, lapse.Made.Credits, at);
            }
            else
            {
                return;
            }
        }
    }

    private List<Coin> Burn(int credits, DateTimeOffset now)
    {
        if (policy.RateLimit is { } limit)
        {
            (_windowStart, _windowCount) =
                now >= _windowStart + limit.Window ? (now, 1) : (_windowStart, _windowCount + 1);
        }

        var coins = InBurnOrder().Take(credits).ToList();
        coins.ForEach(c => _free.Remove(c));
        return coins;
    }

    private IEnumerable<Coin> InBurnOrder() => InBurnOrder(_free, c => c.Lot);

    private static IEnumerable<Lot> InBurnOrder(IEnumerable<Lot> lots) => InBurnOrder(lots, l => l);

    private static IEnumerable<T> InBurnOrder<T>(IEnumerable<T> things, Func<T, Lot> lotOf) =>
        things
            .OrderBy(t => lotOf(t).End is null)
            .ThenBy(t => lotOf(t).End)
            .ThenBy(t => lotOf(t).At)
            .ThenBy(t => lotOf(t).Id, StringComparer.Ordinal);

    private List<(Lot Lot, int Change)> End(Hold hold, ReservationState state, int keeps, DateTimeOffset at)
    {
        hold.State = state;
        hold.Taken = keeps;
        return [.. hold.Coins.Skip(keeps).SelectMany(c => MakeFree(c.Lot, 1, at, isReturn: true))];
    }

    private List<(Lot Lot, int Change)> MakeFree(Lot lot, int coins, DateTimeOffset at, bool isReturn)
    {
        var back = new List<(Lot, int)>();
        for (var i = 0; i < coins; i++)
        {
            if (Debt > 0)
            {
                Debt--;
                continue;
            }

            _free.Add(new Coin(lot));
            back.Add((lot, 1));
            if (lot.End <= at && !lot.HadGrace && isReturn)
            {
                lot.HadGrace = true;
                lot.End = lot.Expiry + policy.ReturnGrace;
            }
        }

        return back;
    }
}
