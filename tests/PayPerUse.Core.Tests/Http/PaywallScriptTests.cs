using System.Net;
using System.Security.Cryptography;
using System.Text;
using PayPerUse.Testing;

namespace PayPerUse.Core.Tests.Http;

/// <summary>How the element is served. What it does is tested in a browser, with the site.</summary>
public sealed class PaywallScriptTests
{
    private const string Address = "/payments/paywall.js";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_one_script_under_12_KB_for_everybody()
    {
        await using var house = await HttpHouse.StartAsync();
        using var stranger = house.MakeClient(null);

        using var answer = await stranger.GetAsync(Address, Token);

        var script = await answer.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/javascript; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.InRange(script.Length, 1, (12 * 1024) - 1);
        Assert.Contains(
            "customElements.define(\"pay-per-use\"",
            Encoding.UTF8.GetString(script),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task It_is_kept_by_browsers_and_proxies_and_asked_for_again_by_its_tag()
    {
        await using var house = await HttpHouse.StartAsync();
        using var first = await house.Client.GetAsync(Address, Token);

        using var again = await house.SendAsync(
            HttpMethod.Get,
            Address,
            change: r => r.Headers.IfNoneMatch.Add(first.Headers.ETag!)
        );

        Assert.True(first.Headers.CacheControl is { Public: true, MaxAge.TotalSeconds: > 0, NoStore: false });
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task It_stands_under_the_prefix_of_the_contract()
    {
        await using var house = await HttpHouse.StartAsync(s => s.Prefix = "/api");

        Assert.Equal(HttpStatusCode.OK, (await house.Client.GetAsync("/api" + Address, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await house.Client.GetAsync(Address, Token)).StatusCode);
    }

    [Fact]
    public async Task It_runs_under_a_strict_content_security_policy()
    {
        await using var house = await HttpHouse.StartAsync();

        var script = await house.Client.GetStringAsync(Address, Token);

        foreach (
            var forbidden in new[] { "eval(", "new Function", "style=", "<style", "<script", "http://", "https://" }
        )
        {
            Assert.DoesNotContain(forbidden, script, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_served_was_made_of_the_sources_in_the_repository()
    {
        var folder = Path.Combine(Machine.RepositoryRoot, "src/PayPerUse.Core/Http/Paywall/Script");
        using var sources = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(folder).OrderBy(Path.GetFileName, StringComparer.Ordinal))
        {
            if (Path.GetExtension(file) is ".js" or ".css" or ".html" or ".txt")
            {
                sources.AppendData(await File.ReadAllBytesAsync(file, Token));
            }
        }

        await using var house = await HttpHouse.StartAsync();
        var script = await house.Client.GetStringAsync(Address, Token);

        var expected = Convert.ToHexStringLower(sources.GetHashAndReset().AsSpan(0, 8));
        Assert.True(
            script.StartsWith($"/*! MIT {expected} */", StringComparison.Ordinal),
            $"Run npm install && npm run build in {folder}."
        );
    }
}
