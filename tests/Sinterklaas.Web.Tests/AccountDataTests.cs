using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>The file with all data of an account, held against the database: each table is in it, or it is said here why not.</summary>
public sealed class AccountDataTests
{
    // Where a table's rows come in the file.
    private static readonly Dictionary<string, string> Told = new()
    {
        ["users"] = "profile",
        ["sessions"] = "profile.sessions",
        ["user_credits"] = "credits",
        ["credit_grants"] = "credits.grants",
        ["usage_logs"] = "history",
        ["payments"] = "payments",
        ["receipts"] = "payments.receipts",
        ["gifts"] = "gifts",
        ["gift_sounds"] = "gifts.soundUrl",
    };

    private static readonly Dictionary<string, string> Untold = new()
    {
        ["credit_reservations"] = "what was set aside while something was made; the history has each",
        ["credit_checkpoints"] = "sums of what the history held",
        ["credit_known_ids"] = "ids of grants that the history no longer holds",
        ["low_balances"] = "whether the app was told of the balance",
        ["payment_events"] = "how the seller's software came to the status of a payment",
        ["kept_answers"] = "copies of what was made, encrypted, for a day",
        ["sign_in_codes"] = "hashes of codes, for ten minutes",
        ["sign_in_tries"] = "hashes that count, for a day",
        ["mails"] = "what was mailed, on a developer's machine only",
        ["payment_cursors"] = "nobody's",
        ["credit_walks"] = "nobody's",
        ["data_protection_keys"] = "nobody's",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_the_database_holds_of_a_person_is_in_the_file()
    {
        using var host = new SiteHost().Started();
        using var visitor = await Visitor.SignedInAsync(host.Address, Ct);
        await visitor.PayAsync(Ct);
        using var letter = await visitor.PostAsync("/letters", Visitor.Child(), Ct);
        using var audio = await visitor.PostAsync("/audio", Visitor.Child(), Ct);

        // A receipt is made when it is mailed, or asked for before.
        var before = await visitor.GetJsonAsync("/account/gegevens", Ct);
        var payment = before.GetProperty("payments")[0].GetProperty("id").GetString();
        using var receipt = await visitor.GetAsync($"/payments/{payment}/receipt", Ct);
        Assert.Equal(HttpStatusCode.OK, receipt.StatusCode);

        var data = await visitor.GetJsonAsync("/account/gegevens", Ct);

        foreach (var (table, place) in Told)
        {
            Assert.True(Find(data, place), $"{table}: nothing at {place}");
        }

        // The recording itself is a click away.
        var sound = data.GetProperty("gifts")
            .EnumerateArray()
            .Select(g => g.GetProperty("soundUrl").GetString())
            .Single(url => url is not null);
        using var heard = await visitor.GetAsync(sound!, Ct);
        Assert.Equal("audio/wav", heard.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public void Every_table_is_in_the_file_or_it_is_said_why_not()
    {
        using var host = new SiteHost().Started();
        using var scope = host.Services.CreateScope();
        var tables = scope
            .ServiceProvider.GetRequiredService<AppDbContext>()
            .Model.GetEntityTypes()
            .Select(e => e.GetTableName()!)
            .Distinct();

        Assert.Equal(Told.Keys.Concat(Untold.Keys).Order(), tables.Order());
    }

    /// <summary>Whether there is something at a place; in a list, in any of its items.</summary>
    private static bool Find(JsonElement data, string place)
    {
        var (name, rest) = place.Split('.', 2) switch
        {
            [var first, var more] => (first, more),
            var whole => (whole[0], null),
        };
        return data.TryGetProperty(name, out var value)
            && value switch
            {
                { ValueKind: JsonValueKind.Array } => value.EnumerateArray().Any(v => rest is null || Find(v, rest)),
                { ValueKind: JsonValueKind.Object } => rest is null || Find(value, rest),
                _ => rest is null && value.ValueKind != JsonValueKind.Null,
            };
    }
}
