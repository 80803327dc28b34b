using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using PayPerUse.Credits;

namespace PayPerUse.EfCore.Credits;

/// <summary>Between the rows of retention and the rules' own types.</summary>
internal static class CreditRetentionMapping
{
    /// <summary>A checkpoint; what is known is kept in rows of its own.</summary>
    public static CreditCheckpoint ToCheckpoint(this CreditCheckpointRow row, IEnumerable<CreditKnownIdRow> known) =>
        new()
        {
            Sequence = row.Sequence,
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
            Balance = row.Balance,
            Spent = row.Spent,
            Committed = row.Committed,
            Expired = row.Expired,
            Free = GrantChangesText.Read(row.Free),
            Open = ToReserves(row.Open),
            Known = [.. known.OrderBy(k => k.Sequence).Select(ToEntry)],
        };

    public static CreditCheckpointRow ToRow(this CreditCheckpoint checkpoint, string account) =>
        new()
        {
            Account = account,
            Sequence = checkpoint.Sequence,
            At = CreditRowMapping.ToMilliseconds(checkpoint.At),
            Balance = checkpoint.Balance,
            Spent = checkpoint.Spent,
            Committed = checkpoint.Committed,
            Expired = checkpoint.Expired,
            Free = GrantChangesText.Write(checkpoint.Free),
            Open = ToText(checkpoint.Open),
        };

    public static CreditEntry ToEntry(this CreditKnownIdRow row) => row.ToEntryRow().ToEntry();

    public static CreditKnownIdRow ToKnownIdRow(this CreditEntry entry, string account) =>
        new()
        {
            Account = account,
            OperationId = entry.OperationId,
            Sequence = entry.Sequence,
            Attempt = entry.Attempt,
            Kind = (short)entry.Kind,
            Action = entry.Action,
            Credits = entry.Credits,
            Balance = entry.Balance,
            Target = entry.Target,
            At = CreditRowMapping.ToMilliseconds(entry.At),
        };

    /// <summary>The entry as it was, without what it did to each grant.</summary>
    public static CreditEntryRow ToEntryRow(this CreditKnownIdRow row) =>
        new()
        {
            Account = row.Account,
            Sequence = row.Sequence,
            OperationId = row.OperationId,
            Attempt = row.Attempt,
            Kind = row.Kind,
            Action = row.Action,
            Credits = row.Credits,
            Balance = row.Balance,
            Target = row.Target,
            Grants = "[]",
            At = row.At,
        };

    /// <summary>Open reserves as JSON, <c>[[sequence,"id","attempt","action",-credits,balance,at,[["grant",-1]]]]</c>.</summary>
    private static string ToText(ImmutableArray<CreditEntry> reserves)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, GrantChangesText.Compact))
        {
            writer.WriteStartArray();
            foreach (var reserve in reserves)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(reserve.Sequence);
                writer.WriteStringValue(reserve.OperationId);
                writer.WriteStringValue(reserve.Attempt);
                writer.WriteStringValue(reserve.Action);
                writer.WriteNumberValue(reserve.Credits);
                writer.WriteNumberValue(reserve.Balance);
                writer.WriteNumberValue(CreditRowMapping.ToMilliseconds(reserve.At));
                writer.WriteRawValue(GrantChangesText.Write(reserve.Grants));
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static ImmutableArray<CreditEntry> ToReserves(string text)
    {
        using var json = JsonDocument.Parse(text);
        return
        [
            .. json
                .RootElement.EnumerateArray()
                .Select(reserve => new CreditEntry
                {
                    Sequence = reserve[0].GetInt64(),
                    OperationId = reserve[1].GetString()!,
                    Attempt = reserve[2].GetGuid(),
                    Kind = CreditEntryKind.Reserve,
                    Action = reserve[3].GetString()!,
                    Credits = reserve[4].GetInt64(),
                    Balance = reserve[5].GetInt64(),
                    At = DateTimeOffset.FromUnixTimeMilliseconds(reserve[6].GetInt64()),
                    Grants = GrantChangesText.Read(reserve[7].GetRawText()),
                }),
        ];
    }
}
