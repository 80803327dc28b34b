using Microsoft.EntityFrameworkCore;
using Sinterklaas.Web.Data;

namespace Sinterklaas.Web.Mail;

/// <summary>Keeps mails in the database instead of sending them, for development.</summary>
public sealed class LocalMailbox(IDbContextFactory<AppDbContext> contexts, TimeProvider clock) : IMailSender
{
    private const int ReadAtMost = 50;

    public async Task SendAsync(Mail mail, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.Mails.Add(
            new StoredMail
            {
                To = mail.To,
                Subject = mail.Subject,
                Text = mail.Text,
                At = clock.GetUtcNow(),
            }
        );
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The newest mails first; of everybody when <paramref name="to"/> is null.</summary>
    public async Task<IReadOnlyList<StoredMail>> ReadAsync(string? to, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db
            .Mails.AsNoTracking()
            .Where(m => to == null || m.To == to)
            .OrderByDescending(m => m.Id)
            .Take(ReadAtMost)
            .ToListAsync(ct);
    }
}
