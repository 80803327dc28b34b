using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Payments;
using PayPerUse.Testing;

namespace PayPerUse.Stripe.Tests;

/// <summary>Webhooks signed by Stripe's package for Node, which shares no code with the SDK that we verify with.</summary>
public sealed class IndependentSignatureTests : IDisposable
{
    private readonly KeptLogs<StripeWebhook> _logs = new();

    [Fact]
    public async Task What_Node_signs_is_genuine_and_any_change_to_it_is_refused()
    {
        string[] bodies =
        [
            Event("checkout.session.completed"),
            Event("checkout.session.completed", e => e["note"] = "één brief – 5 €, \"naïef\" \u2028 😀"),
            Event("checkout.session.expired", e => e["note"] = new string('x', 20_000)),
        ];
        var headers = await SignAsync([.. bodies.Select(b => (b, Orders.Secret))]);
        Assert.Equal(bodies.Length, headers.Length);

        foreach (var (body, header) in bodies.Zip(headers))
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            var verdict = await VerifyAsync(bytes, header);
            Assert.Equal((WebhookAuthenticity.Genuine, Orders.Id), (verdict.Authenticity, verdict.PaymentId));
            for (var i = 0; i < bytes.Length; i += Math.Max(1, bytes.Length / 500))
            {
                var changed = bytes.ToArray();
                changed[i] ^= 0x01;
                Assert.Equal(WebhookAuthenticity.Forged, (await VerifyAsync(changed, header)).Authenticity);
            }
        }
    }

    [Fact]
    public async Task What_Node_signs_with_another_secret_or_too_long_ago_is_refused()
    {
        var body = Event("checkout.session.completed");
        var foreign = await SignAsync([(body, "whsec_another0123")]);
        var old = await SignAsync([(body, Orders.Secret)], Orders.Now.AddSeconds(-301));

        foreach (var header in foreign.Concat(old))
        {
            Assert.Equal(
                WebhookAuthenticity.Forged,
                (await VerifyAsync(Encoding.UTF8.GetBytes(body), header)).Authenticity
            );
        }
    }

    public void Dispose() => _logs.Dispose();

    private static string Event(string type, Action<JsonObject>? change = null)
    {
        var message = new JsonObject
        {
            ["id"] = "evt_1",
            ["object"] = "event",
            ["type"] = type,
            ["api_version"] = global::Stripe.StripeConfiguration.ApiVersion,
            ["livemode"] = false,
            ["data"] = new JsonObject
            {
                ["object"] = new JsonObject
                {
                    ["id"] = Orders.SessionId,
                    ["object"] = "checkout.session",
                    ["client_reference_id"] = Orders.Id,
                    ["metadata"] = new JsonObject { ["payperuse_payment"] = Orders.Id },
                },
            },
        };
        change?.Invoke(message);
        return message.ToJsonString(
            new JsonSerializerOptions
            {
                Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
    }

    private static async Task<string[]> SignAsync((string Body, string Secret)[] messages, DateTimeOffset? at = null)
    {
        if (Machine.Find("node") is not { } node)
        {
            Machine.Missing("There is no Node.js on this machine (Debian package nodejs).");
            return [];
        }

        var given = Environment.GetEnvironmentVariable("PAYPERUSE_NODE_MODULES");
        var modules = string.IsNullOrEmpty(given)
            ? Path.Combine(Machine.RepositoryRoot, "artifacts", "node", "node_modules")
            : given;
        if (!Directory.Exists(Path.Combine(modules, "stripe")))
        {
            Machine.Missing("The npm package stripe is not there; .ci/node installs it into artifacts/node.");
            return [];
        }

        var start = new ProcessStartInfo(node)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Node", "sign.cjs"));
        start.ArgumentList.Add(modules);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (var (body, secret) in messages)
        {
            await process.StandardInput.WriteLineAsync(
                JsonSerializer.Serialize(
                    new
                    {
                        payload = body,
                        secret,
                        timestamp = (at ?? Orders.Now).ToUnixTimeSeconds(),
                    }
                )
            );
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private Task<WebhookVerdict> VerifyAsync(byte[] body, string header) =>
        new StripeWebhook(
            Options.Create(new StripeOptions { ApiKey = Orders.Key, WebhookSecret = Orders.Secret }),
            new FakeTimeProvider(Orders.Now),
            _logs
        ).VerifyAsync(
            new WebhookMessage(new Dictionary<string, string> { [StripeDefaults.SignatureHeader] = header }, body),
            TestContext.Current.CancellationToken
        );
}
