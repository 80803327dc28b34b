using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PayPerUse.Testing;
using Sinterklaas.Web.Data;
using Sinterklaas.Web.Gifts;
using Sinterklaas.Web.Letters;
using Sinterklaas.Web.Tests.Hosting;

namespace Sinterklaas.Web.Tests;

/// <summary>What is left in the database of somebody who deleted their account: what the books need, and no word of the person.</summary>
public sealed class AccountErasureTests
{
    private const string Child = "Wolkenbeertje";
    private const string Deed = "Redde-een-egel-uit-de-vijver";
    private const string Wish = "Een-paarse-onderzeeboot";
    private const string Note = "Opa-ligt-in-het-ziekenhuis";

    private static readonly Dictionary<string, string> Story = new()
    {
        ["childName"] = Child,
        ["age"] = "6",
        ["goodDeeds"] = Deed,
        ["wishes"] = Wish,
        ["parentNote"] = Note,
        ["language"] = "nl",
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_a_person_is_in_any_byte_of_the_database_after_the_account_is_deleted()
    {
        using var host = new SiteHost().Started();
        using var visitor = await Visitor.SignedInAsync(host.Address, Ct);
        await visitor.PayAsync(Ct);
        foreach (var path in new[] { "/letters", "/audio" })
        {
            using var made = await visitor.PostFormAsync(path, new(Story) { ["idempotencyKey"] = "once" + path }, Ct);
            Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        }

        // The receipt is on its way by mail: what arrives after the deletion is no longer ours to delete.
        await foreach (var _ in Patience.TriesAsync("The mail with the receipt", Ct))
        {
            if (await CountAsync(host, "mails") == 2)
            {
                break;
            }
        }

        string[] words = [visitor.Email, Child, Deed, Wish, Note];
        Assert.All(words, word => Assert.Contains(word, ReadAll(host), StringComparison.Ordinal));
        Assert.True(await CountAsync(host, "kept_answers") > 0);

        using var deleted = await visitor.PostFormAsync("/account/verwijderen", [], Ct);
        Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);

        var left = ReadAll(host);
        Assert.All(words, word => Assert.DoesNotContain(word, left, StringComparison.OrdinalIgnoreCase));
        foreach (var table in new[] { "users", "sessions", "gifts", "gift_sounds", "kept_answers", "mails" })
        {
            Assert.Equal((table, 0), (table, await CountAsync(host, table)));
        }

        // What the books need stays.
        foreach (var table in new[] { "payments", "receipts", "usage_logs", "user_credits" })
        {
            Assert.True(await CountAsync(host, table) > 0, table);
        }
    }

    [Fact]
    public async Task A_guest_who_deletes_what_is_on_the_device_leaves_no_word_either()
    {
        using var host = new SiteHost().Started();
        using var guest = new Visitor(host.Address);
        using var wallet = await guest.PostFormAsync("/credits/guest", new() { ["returnUrl"] = "/" }, Ct);
        await guest.PayAsync(Ct);
        using var made = await guest.PostFormAsync("/letters", new(Story) { ["idempotencyKey"] = "once" }, Ct);
        Assert.Contains(Child, ReadAll(host), StringComparison.Ordinal);

        using var deleted = await guest.PostFormAsync("/account/verwijderen", [], Ct);

        Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);
        var left = ReadAll(host);
        string[] words = [Child, Deed, Wish, Note];
        Assert.All(words, word => Assert.DoesNotContain(word, left, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0, await CountAsync(host, "kept_answers"));
        using var after = await guest.GetAsync("/credits/status", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task Nothing_is_deleted_while_a_letter_is_being_written()
    {
        var writer = new SlowWriter();
        using var host = new SiteHost { Writer = writer }.Started();
        using var visitor = await Visitor.SignedInAsync(host.Address, Ct);
        await visitor.PayAsync(Ct);
        var making = visitor.PostAsync("/letters", Visitor.Child(), Ct);
        await writer.Began.WaitAsync(Ct);

        using var refused = await visitor.PostFormAsync("/account/verwijderen", [], Ct);
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        Assert.Contains(
            "Er wordt nog iets gemaakt",
            WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Ct)),
            StringComparison.Ordinal
        );

        writer.Finish();
        using var made = await making;
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var deleted = await visitor.PostFormAsync("/account/verwijderen", [], Ct);
        Assert.Equal(HttpStatusCode.Redirect, deleted.StatusCode);
        Assert.Equal(0, await CountAsync(host, "gifts"));
    }

    /// <summary>Every byte of the file, free pages too, once what was written has come there.</summary>
    private static string ReadAll(SiteHost host)
    {
        using var connection = new SqliteConnection(host.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        for (var tries = 0; Convert.ToInt64(command.ExecuteScalar(), null) != 0; tries++)
        {
            Assert.True(tries < 100, "The file stays in use.");
        }

        using var file = new FileStream(
            connection.DataSource,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        using var text = new StreamReader(file, Encoding.Latin1);
        return text.ReadToEnd();
    }

    private static async Task<int> CountAsync(SiteHost host, string table)
    {
        using var scope = host.Services.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
#pragma warning disable EF1002 // The names above.
        return await database.SqlQueryRaw<int>($"SELECT COUNT(*) AS Value FROM {table}").SingleAsync(Ct);
#pragma warning restore EF1002
    }

    private sealed class SlowWriter : ILetterWriter
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task;

        public void Finish() => _mayEnd.SetResult();

        public async Task<string> WriteAsync(
            GiftInput input,
            GiftKind kind,
            Func<string, Task> show,
            CancellationToken ct
        )
        {
            _began.SetResult();
            await _mayEnd.Task.WaitAsync(ct);
            return "Lieve Emma";
        }
    }
}
