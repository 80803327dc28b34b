using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using PayPerUse.Payconiq;
using PayPerUse.Stripe.Tests.World;
using PayPerUse.Testing;
using PayPerUse.Testing.Payments;

namespace PayPerUse.Stripe.Tests.Secrets;

/// <summary>
/// The whole story of a shop, good and bad, with secrets that would be recognised anywhere: none is found in anything that was
/// written.
/// </summary>
[Collection(nameof(SecretsTests))]
public sealed class SecretsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_is_written_anywhere_on_SQLite()
    {
        var folder = Directory.CreateTempSubdirectory("payperuse-secrets-");
        try
        {
            var secrets = new MarkedSecrets();
            var file = Path.Combine(folder.FullName, "shop.db");
            var lost = Path.Combine(folder.FullName, "nowhere", "shop.db");
            await LiveAsync(
                secrets,
                o => o.UseSqlite("Data Source=" + file),
                o => o.UseSqlite($"Data Source={lost};Password={secrets.Password}"),
                tap =>
                {
                    Dump(folder.FullName, tap);
                    return Task.CompletedTask;
                }
            );
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task No_secret_is_written_anywhere_on_PostgreSQL()
    {
        var secrets = new MarkedSecrets();
        var server = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        var connection = $"{server};Password={secrets.Password}";
        var lost = new NpgsqlConnectionStringBuilder(connection) { Port = 1, Timeout = 2 }.ConnectionString;
        await LiveAsync(
            secrets,
            o => o.UseNpgsql(connection),
            o => o.UseNpgsql(lost),
            tap => DumpAsync(connection, tap)
        );
    }

    [Theory]
    [InlineData("logs")]
    [InlineData("traces")]
    [InlineData("metrics")]
    [InlineData("answers")]
    [InlineData("database")]
    [InlineData("exceptions")]
    [InlineData("console")]
    public async Task A_secret_that_slips_out_anywhere_is_found(string place)
    {
        using var tap = new Wiretap();
        var folder = Directory.CreateTempSubdirectory("payperuse-secrets-");
        try
        {
            var secrets = new MarkedSecrets();
            var token = secrets.Add("a bearer token", RandomNumberGenerator.GetHexString(48));
            secrets.AddCode("481516");
            foreach (var secret in new[] { secrets.StripeKey, token, "481516" })
            {
                await LeakAsync(place, "the secret is " + secret, tap, Path.Combine(folder.FullName, "shop.db"));
            }

            tap.TakeConsole();
            var found = LeaksIn(tap, secrets).Where(l => l.Place == place).Select(l => l.Secret).Distinct();
            Assert.Equal(["481516", "Stripe:ApiKey", "a bearer token"], found.Order(StringComparer.Ordinal));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task LeakAsync(string place, string text, Wiretap tap, string file)
    {
        switch (place)
        {
            case "logs":
                using (var log = LoggerFactory.Create(b => b.AddProvider(tap.Logs)))
                {
                    log.CreateLogger("leak").Log(LogLevel.Information, default, 0, null, (_, _) => text);
                }

                break;
            case "traces":
                using (var source = new ActivitySource("leak"))
                {
                    source.StartActivity("call")?.SetTag("key", text).Stop();
                }

                break;
            case "metrics":
                using (var meter = new Meter("leak"))
                {
                    meter.CreateCounter<long>("leaks").Add(1, KeyValuePair.Create("key", (object?)text));
                }

                break;
            case "exceptions":
                try
                {
                    throw new InvalidOperationException(text);
                }
                catch (InvalidOperationException)
                {
                    // Heard as it was thrown.
                }

                break;
            case "console":
                await Console.Error.WriteLineAsync(text);
                break;
            case "answers":
                tap.Add(place, text);
                break;
            default:
                await CreateAsync(o => o.UseSqlite("Data Source=" + file));
                await using (
                    var context = new MarkedDb(
                        new DbContextOptionsBuilder<MarkedDb>().UseSqlite("Data Source=" + file).Options
                    )
                )
                {
                    await context.Database.ExecuteSqlAsync(
                        $"INSERT INTO sign_in_tries (Key, At) VALUES ({text}, 0)",
                        Token
                    );
                }

                Dump(Path.GetDirectoryName(file)!, tap);
                break;
        }
    }

    private static async Task LiveAsync(
        MarkedSecrets secrets,
        Action<DbContextOptionsBuilder> database,
        Action<DbContextOptionsBuilder> lostDatabase,
        Func<Wiretap, Task> dump
    )
    {
        using var tap = new Wiretap();
        await CreateAsync(database);

        string paid;
        await using (var shop = await MarkedShop.StartAsync(secrets, tap, database))
        {
            await shop.SignInAsync();
            paid = await PayWithStripeAsync(shop, secrets);
            var payconiq = await PayWithPayconiqAsync(shop);
            await ForgeAsync(shop, secrets);
            await BeOnDutyAsync(shop, paid);
            await BeOnDutyAsync(shop, payconiq);
            await FailAsync(shop, secrets);
            await FailToMailAsync(shop, secrets);
        }

        await using (var shop = await MarkedShop.StartAsync(secrets, tap, lostDatabase))
        {
            await shop.GetAsync("/credits/status");
            await shop.PostAsync("/payments/create", new { pack = "five" });
            await shop.PostAsync("/signin", new { email = "bert@example.com" });
            Assert.NotEqual(0, await shop.RunAsync("doctor --json"));
            await shop.RunAsync("payments list");
        }

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            MarkedShop.StartAsync(secrets, tap, database, secrets.StripeLiveKey)
        );
        tap.Add("exceptions", refused.ToString());
        await dump(tap);
        tap.TakeConsole();

        // All of them heard something of this story, or they would find nothing for that reason alone.
        foreach (var where in new[] { "logs", "traces", "answers", "database", "console" })
        {
            Assert.Contains(tap.Heard[where], t => t.Contains(paid, StringComparison.Ordinal));
        }

        Assert.Contains(tap.Heard["metrics"], t => t.Contains("payperuse.payments.status", StringComparison.Ordinal));
        Assert.Contains(tap.Heard["exceptions"], t => t.Contains("PaymentProviderException", StringComparison.Ordinal));
        Assert.Empty(LeaksIn(tap, secrets).Select(l => $"{l.Secret} in {l.Place}: {l.Text}"));
    }

    private static IEnumerable<(string Place, string Secret, string Text)> LeaksIn(
        Wiretap tap,
        MarkedSecrets secrets
    ) =>
        from place in tap.Heard
        from text in place.Value
        from secret in secrets.FindIn(text)
        select (place.Key, secret, text);

    /// <summary>Also what was deleted, and what has not been moved into the database's own file.</summary>
    private static void Dump(string folder, Wiretap tap)
    {
        foreach (var path in Directory.GetFiles(folder))
        {
            using var stream = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            tap.Add("database", reader.ReadToEnd());
        }
    }

    private static async Task CreateAsync(Action<DbContextOptionsBuilder> database)
    {
        var options = new DbContextOptionsBuilder<MarkedDb>();
        database(options);
        await using var context = new MarkedDb(options.Options);
        await context.Database.EnsureCreatedAsync(Token);
    }

    private static async Task<string> PayWithStripeAsync(MarkedShop shop, MarkedSecrets secrets)
    {
        await shop.GetAsync("/payments/packs");
        var order = await shop.PostAsync("/payments/create", new { pack = "five", provider = "stripe" });
        var id = order.GetProperty("id").GetString()!;
        Assert.True(shop.World.Account.Pay(id));
        var body = shop.World.Message(shop.World.Account.LastEvent(id)!).Body.ToArray();
        var signature = StripeWorld.Sign(body, shop.World.Clock.GetUtcNow(), secrets.WebhookSecret);
        for (var i = 0; i < 2; i++)
        {
            await shop.PostAsync("/payments/webhook/stripe", body, StripeDefaults.SignatureHeader, signature);
        }

        Assert.Equal("paid", (await shop.GetAsync("/payments/" + id)).GetProperty("status").GetString());
        return id;
    }

    private static async Task<string> PayWithPayconiqAsync(MarkedShop shop)
    {
        var order = await shop.PostAsync("/payments/create", new { pack = "five", provider = "payconiq" });
        var id = order.GetProperty("id").GetString()!;
        var bankId = order.GetProperty("checkoutUrl").GetString()!.Split('/')[^1];
        await shop.GetAsync("/simulator/bancontact/pay/" + bankId);
        await shop.PostAsync($"/simulator/bancontact/payments/{bankId}/approve");
        while ((await shop.GetAsync("/payments/" + id)).GetProperty("status").GetString() != "paid")
        {
            shop.World.Clock.Advance(TimeSpan.FromSeconds(4));
            await Task.Delay(50, Token);
        }

        await shop.GetAsync("/payments/keys/payconiq");
        await shop.GetAsync("/simulator/bancontact/jwks");
        await shop.GetAsync("/simulator/bancontact");
        await shop.GetAsync("/simulator/bancontact/state");
        return id;
    }

    private static async Task ForgeAsync(MarkedShop shop, MarkedSecrets secrets)
    {
        var body = "{\"id\":\"evt_1\",\"object\":\"event\"}"u8.ToArray();
        var old = StripeWorld.Sign(body, shop.World.Clock.GetUtcNow().AddDays(-1), secrets.WebhookSecret);
        foreach (var signature in new[] { null, "", "t=1,v1=00", old })
        {
            await shop.PostAsync("/payments/webhook/stripe", body, StripeDefaults.SignatureHeader, signature);
        }

        await shop.PostAsync("/payments/webhook/payconiq", body, PayconiqDefaults.SignatureHeader, "e30..e30");
        await shop.PostAsync("/payments/webhook", body);
        await shop.PostAsync("/payments/webhook/other", body);
    }

    private static async Task BeOnDutyAsync(MarkedShop shop, string id)
    {
        foreach (var json in new[] { "", " --json" })
        {
            await shop.RunAsync("doctor" + json);
            await shop.RunAsync("verify" + json);
            await shop.RunAsync("payments list" + json);
            await shop.RunAsync($"payments show {id}{json}");
            await shop.RunAsync($"payments recheck {id}{json}");
            await shop.RunAsync($"accounts show {shop.Customer}{json}");
            await shop.RunAsync($"payments refund {id} --amount 0.20{json}");
        }

        await shop.RunAsync($"accounts grant {shop.Customer} 3 --by sint");
        await shop.RunAsync("payments show nonsense");
        await shop.RunAsync("payments resolve " + id + " grant");
    }

    private static async Task FailAsync(MarkedShop shop, MarkedSecrets secrets)
    {
        foreach (var fault in new[] { ApiFault.BeforeEffect, ApiFault.AfterEffect })
        {
            shop.World.Break(fault);
            await shop.PostAsync("/payments/create", new { pack = "five", provider = "stripe" });
            await shop.RunAsync("doctor --json");
        }

        // A server that says the key back, as unkind as can be.
        shop.World.Break(ApiFault.None);
        shop.World.Account.RefundRefusal = Answer.Error(401, $"Invalid API Key provided: {secrets.StripeKey}");
        shop.World.Clock.Advance(TimeSpan.FromMinutes(2));
        await shop.GetAsync("/credits/history");
        var paid = await PayWithStripeAsync(shop, secrets);
        await shop.RunAsync($"payments refund {paid} --json");

        await shop.PostAsync("/simulator/bancontact/weather", new { apiFailPercent = 100 });
        await shop.PostAsync("/payments/create", new { pack = "five", provider = "payconiq" });
        await shop.RunAsync("doctor");
    }

    private static async Task FailToMailAsync(MarkedShop shop, MarkedSecrets secrets)
    {
        shop.Mails.IsDown = true;
        await shop.PostAsync("/signin", new { email = "bert@example.com" });
        secrets.AddCode(shop.Mails.Sent.Last(m => m.Email == "bert@example.com").Code);
    }

    private static async Task DumpAsync(string connectionString, Wiretap tap)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Token);
        var tables = new List<string>();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'";
            await using var reader = await command.ExecuteReaderAsync(Token);
            while (await reader.ReadAsync(Token))
            {
                tables.Add(reader.GetString(0));
            }
        }

        foreach (var table in tables)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are the database's own.
            command.CommandText = $"SELECT t::text FROM \"{table}\" t";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(Token);
            while (await reader.ReadAsync(Token))
            {
                tap.Add("database", reader.GetString(0));
            }
        }
    }
}

/// <summary>What the whole process writes must be of this story alone.</summary>
[CollectionDefinition(nameof(SecretsTests), DisableParallelization = true)]
public sealed class SecretsStoryAlone;
