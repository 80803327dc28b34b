using PayPerUse.SignIn.Mailing;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Adds the table of the local mailbox to a context.</summary>
public static class LocalMailboxModelBuilderExtensions
{
    /// <summary>Adds the table of the local mailbox to your own context, whose migrations then make it.</summary>
    /// <param name="modelBuilder">The model, in <c>OnModelCreating</c>, beside <c>UsePayPerUseSignIn</c>.</param>
    /// <param name="mails">The name of the table.</param>
    public static ModelBuilder UseLocalMailbox(this ModelBuilder modelBuilder, string mails = "local_mails")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrWhiteSpace(mails);
        return modelBuilder.ApplyConfiguration(new LocalMailConfiguration(mails));
    }
}
