using System.Globalization;
using System.Text.Json.Nodes;

namespace PayPerUse.Stripe.Tests.World;

/// <summary>The account's API.</summary>
public sealed partial class StripeAccount
{
    private static readonly TimeSpan KeyTime = TimeSpan.FromHours(24);

    private readonly Dictionary<string, (string Request, Answer Answer, DateTimeOffset At)> _keys = new(
        StringComparer.Ordinal
    );

    /// <summary>Answers a request.</summary>
    public Answer Respond(Received request)
    {
        Requests.Enqueue(request);
        lock (_lock)
        {
            if (!request.Headers.TryGetValue("Idempotency-Key", out var key) || request.Method != "POST")
            {
                return Route(request);
            }

            var now = clock.GetUtcNow();
            if (_keys.TryGetValue(key, out var known) && now - known.At < KeyTime)
            {
                return known.Request == request.Path + request.Body
                    ? known.Answer
                    : Answer.Error(400, "Keys for idempotent requests …", type: "idempotency_error");
            }

            var answer = Route(request);
            if (answer.Status is not (401 or 403 or 429))
            {
                _keys[key] = (request.Path + request.Body, answer, now);
            }

            return answer;
        }
    }

    /// <summary>As if the key of the account had been changed: what it asked for is not remembered for the new one.</summary>
    public void ForgetKeys()
    {
        lock (_lock)
        {
            _keys.Clear();
        }
    }

    private Answer Route(Received request)
    {
        var path = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
        var query = QueryOf(request);
        return (request.Method, path) switch
        {
            ("POST", ["checkout", "sessions"]) => CreateSession(request),
            ("GET", ["checkout", "sessions"]) => ListSessions(query),
            ("GET", ["checkout", "sessions", var id]) => Of(id) is { } checkout
                ? Answer.Ok(SessionOf(checkout, isExpanded: query.ContainsKey("expand[0]")))
                : Missing(),
            ("POST", ["checkout", "sessions", var id, "expire"]) => ExpireNow(id),
            ("POST", ["refunds"]) => CreateRefund(request),
            ("GET", ["refunds", var id]) => All()
                .SelectMany(c => c.Refunds.Where(r => r.Id == id).Select(r => RefundOf(c, r)))
                .FirstOrDefault()
                is { } refund
                ? Answer.Ok(refund)
                : Missing(),
            ("GET", ["refunds"]) => Page(
                query,
                All().Where(Paid(query)).SelectMany(c => c.Refunds.Select(r => RefundOf(c, r)))
            ),
            ("GET", ["disputes"]) => Page(
                query,
                All().Where(Paid(query)).SelectMany(c => c.Disputes.Select(d => DisputeOf(c, d)))
            ),
            ("GET", ["events"]) => ListEvents(query),
            _ => Answer.Error(404, "Unrecognized request URL"),
        };
    }

    private Answer CreateSession(Received request)
    {
        var reference = request["client_reference_id"];
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(request["expires_at"], CultureInfo.InvariantCulture)
        );
        if (expiresAt < clock.GetUtcNow().AddMinutes(30))
        {
            return Answer.Error(400, "expires_at must be at least 30 minutes from now");
        }

        var checkout = new Checkout(NewId("cs_test"), reference, NewId("pi"), NewId("ch"))
        {
            Amount = long.Parse(request["line_items[0][price_data][unit_amount]"], CultureInfo.InvariantCulture),
            ExpiresAt = expiresAt,
            CreatedAt = clock.GetUtcNow(),
        };

        // One order makes one session, whatever happens.
        return _checkouts.TryAdd(reference, checkout)
            ? Answer.Ok(SessionOf(checkout, isExpanded: false))
            : throw new InvalidOperationException("A second session for one order.");
    }

    private Answer ListSessions(Dictionary<string, string> query)
    {
        var from = long.Parse(query["created[gte]"], CultureInfo.InvariantCulture);
        var to = long.Parse(query["created[lte]"], CultureInfo.InvariantCulture);
        return Page(
            query,
            All()
                .Where(c => c.CreatedAt.ToUnixTimeSeconds() >= from && c.CreatedAt.ToUnixTimeSeconds() <= to)
                .Select(c => SessionOf(c, isExpanded: false))
        );
    }

    private Answer ExpireNow(string id)
    {
        if (Of(id) is not { } checkout)
        {
            return Missing();
        }

        if (Expire(checkout).Status != "open")
        {
            return Answer.Error(400, "Only Checkout Sessions with a status in [\"open\"] can be expired.");
        }

        checkout.Status = "expired";
        Tell("checkout.session.expired", SessionOf(checkout, isExpanded: false));
        return Answer.Ok(SessionOf(checkout, isExpanded: false));
    }

    private Answer CreateRefund(Received request)
    {
        if (RefundRefusal is { } refusal)
        {
            return refusal;
        }

        var checkout = All().SingleOrDefault(c => c.Intent == request["payment_intent"]);
        var cents = long.Parse(request["amount"], CultureInfo.InvariantCulture);
        if (checkout?.PaidAt is null)
        {
            return Missing();
        }

        if (cents > KeptOf(checkout.Reference))
        {
            return Answer.Error(400, "Refund amount is greater than unrefunded amount on charge.");
        }

        var metadata = request
            .Form.Where(p => p.Key.StartsWith("metadata[", StringComparison.Ordinal))
            .ToDictionary(p => p.Key[9..^1], p => p.Value);
        return Answer.Ok(RefundOf(checkout, AddRefund(checkout, cents, metadata)));
    }

    private Answer ListEvents(Dictionary<string, string> query)
    {
        var types = query.Where(q => q.Key.StartsWith("types[", StringComparison.Ordinal)).Select(q => q.Value);
        var wanted = types.ToHashSet(StringComparer.Ordinal);
        var from = long.Parse(query["created[gte]"], CultureInfo.InvariantCulture);
        return Page(
            query,
            _events.Where(e => wanted.Contains(e["type"]!.GetValue<string>()) && e["created"]!.GetValue<long>() >= from)
        );
    }

    /// <summary>Newest first, as all of Stripe's lists.</summary>
    private Answer Page(Dictionary<string, string> query, IEnumerable<JsonObject> oldestFirst)
    {
        var all = oldestFirst.Reverse().ToList();
        if (query.TryGetValue("starting_after", out var after))
        {
            var at = all.FindIndex(o => o["id"]!.GetValue<string>() == after);
            if (at < 0)
            {
                return Missing();
            }

            all = all[(at + 1)..];
        }

        var limit = Math.Min(PageSize, int.Parse(query["limit"], CultureInfo.InvariantCulture));
        return Answer.Ok(ListOf(all.Take(limit).Select(o => o.DeepClone().AsObject()), all.Count > limit));
    }

    private IEnumerable<Checkout> All() => _checkouts.Values.OrderBy(c => c.CreatedAt);

    private Checkout? Of(string id) => _checkouts.Values.FirstOrDefault(c => c.Id == id);

    private static Func<Checkout, bool> Paid(Dictionary<string, string> query) =>
        c => !query.TryGetValue("payment_intent", out var intent) || c.Intent == intent;

    private static Answer Missing() => Answer.Error(404, "No such object", "resource_missing");

    private static Dictionary<string, string> QueryOf(Received request) =>
        request
            .Query.TrimStart('?')
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2))
            .ToDictionary(p => p[0], p => p[1]);
}
