using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace PayPerUse.SignIn.Tests;

public sealed class KeyTests
{
    [Fact]
    public async Task The_first_host_makes_the_first_key_and_the_next_finds_it()
    {
        var folder = Directory.CreateTempSubdirectory("sign-in-keys-");
        try
        {
            await using var first = HostOn(folder);
            await using var second = HostOn(folder);

            await first.MakeFirstKeyAsync();
            await second.MakeFirstKeyAsync();

            var key = Assert.Single(first.GetRequiredService<IKeyManager>().GetAllKeys());
            Assert.Equal(key.KeyId, Assert.Single(second.GetRequiredService<IKeyManager>().GetAllKeys()).KeyId);
            Assert.Equal(TimeSpan.FromDays(90), key.ExpirationDate - key.ActivationDate);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ServiceProvider HostOn(DirectoryInfo keys) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56)))
            .AddDataProtection()
            .PersistKeysToFileSystem(keys)
            .Services.BuildServiceProvider();
}
