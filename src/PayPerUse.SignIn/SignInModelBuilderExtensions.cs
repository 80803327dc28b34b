using PayPerUse.SignIn.Data;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Adds the tables of sign-in to a context.</summary>
public static class SignInModelBuilderExtensions
{
    /// <summary>
    /// Adds the tables of sign-in to your own context, whose migrations then make them: users, sessions, <c>sign_in_codes</c> and
    /// <c>sign_in_tries</c>.
    /// </summary>
    /// <param name="modelBuilder">The model, in <c>OnModelCreating</c>.</param>
    /// <param name="users">The name of the table of users.</param>
    /// <param name="sessions">The name of the table of sessions.</param>
    public static ModelBuilder UsePayPerUseSignIn(
        this ModelBuilder modelBuilder,
        string users = "sign_in_users",
        string sessions = "sign_in_sessions"
    )
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrWhiteSpace(users);
        ArgumentException.ThrowIfNullOrWhiteSpace(sessions);
        modelBuilder.ApplyConfiguration(new SignInUserConfiguration(users));
        modelBuilder.ApplyConfiguration(new SignInSessionConfiguration(sessions));
        modelBuilder.ApplyConfiguration(new SignInCodeConfiguration());
        modelBuilder.ApplyConfiguration(new SignInTryConfiguration());
        return modelBuilder;
    }
}
