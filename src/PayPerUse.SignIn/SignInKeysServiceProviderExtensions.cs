using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Prepares the keys that cookies and tokens are encrypted with.</summary>
public static class SignInKeysServiceProviderExtensions
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>
    /// Makes the first key of Data Protection where there is none yet. For the turn in which one host at a time prepares the
    /// database: two hosts that start at once with a first key each would not read one another's cookies.
    /// </summary>
    /// <param name="services">The app's services, with <c>AddSignIn</c>.</param>
    public static Task MakeFirstKeyAsync(this IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var keys = services.GetRequiredService<IKeyManager>();
        if (keys.GetAllKeys().Count == 0)
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            keys.CreateNewKey(now, now + Lifetime);
        }

        return Task.CompletedTask;
    }
}
