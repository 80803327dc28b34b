using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PayPerUse.Commands;
using PayPerUse.Credits;
using PayPerUse.Payments;

namespace PayPerUse.Core.Tests.Http;

/// <summary>What <c>doctor</c> finds, run beside an app that listens.</summary>
public sealed class DoctorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_is_well_when_the_public_address_leads_to_the_app()
    {
        await using var app = await StartAsync();
        await using var doctor = await StartAsync(app.Address);

        var (exit, findings) = await RunAsync(doctor);

        Assert.Equal(0, exit);
        Assert.Equal(
            ["settings", "database", "scripted", "scripted webhook", "clock"],
            findings.Where(f => f.Verdict == "good").Select(f => f.Subject)
        );
    }

    [Theory]
    [InlineData(200, "text/html")]
    [InlineData(404, "application/problem+json")]
    [InlineData(301, "text/html")]
    [InlineData(400, "application/problem+json")]
    public async Task An_address_that_leads_elsewhere_is_a_fault(int status, string contentType)
    {
        await using var other = await HttpHouse.StartAsync(s =>
            s.Use = app =>
                app.Use(
                    async (HttpContext context, RequestDelegate _) =>
                    {
                        context.Response.StatusCode = status;
                        context.Response.ContentType = contentType;
                        await context.Response.WriteAsync("hello");
                    }
                )
        );
        await using var doctor = await StartAsync(other.Address);

        var (exit, findings) = await RunAsync(doctor);

        Assert.Equal(1, exit);
        var fault = Assert.Single(findings, f => f.Verdict == "bad");
        Assert.Equal("scripted webhook", fault.Subject);
        Assert.Contains("PayPerUse:PublicUrl", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_app_of_ours_without_the_provider_is_elsewhere_too()
    {
        await using var other = await HttpHouse.StartAsync();
        await using var doctor = await StartAsync(other.Address);

        Assert.Equal(
            "scripted webhook",
            Assert.Single((await RunAsync(doctor)).Findings, f => f.Verdict == "bad").Subject
        );
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_clock_that_is_off_is_a_fault(int minutes)
    {
        await using var app = await StartAsync();
        await using var doctor = await StartAsync(app.Address, TimeSpan.FromMinutes(minutes));

        var (exit, findings) = await RunAsync(doctor);

        Assert.Equal(1, exit);
        Assert.Equal("clock", Assert.Single(findings, f => f.Verdict == "bad").Subject);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_a_fault()
    {
        await using var app = await StartAsync();
        await using var doctor = await StartAsync(app.Address);
        doctor.Store.BeforeRead = () => throw HookedCreditStore.Down(CreditOperationOutcome.NotApplied);

        var (exit, findings) = await RunAsync(doctor);

        Assert.Equal(1, exit);
        Assert.Equal("database", Assert.Single(findings, f => f.Verdict == "bad").Subject);
    }

    [Fact]
    public async Task What_a_provider_finds_is_told_and_one_that_fails_is_a_fault()
    {
        await using var app = await StartAsync();
        await using var doctor = await StartAsync(app.Address);
        doctor.Provider.Diagnose = () => [new DoctorFinding(DoctorVerdict.Warning, "scripted key", "It is old.")];
        Assert.Contains((await RunAsync(doctor)).Findings, f => f == ("warning", "scripted key", "It is old."));

        doctor.Provider.Diagnose = () => throw new InvalidOperationException("It broke.");
        var (exit, findings) = await RunAsync(doctor);
        Assert.Equal(1, exit);
        Assert.Contains(findings, f => f == ("bad", "scripted", "It broke."));
    }

    /// <summary>The doctor's own process has its own clock; the one that it asks has the real one.</summary>
    private static Task<HttpHouse> StartAsync(Uri? publicUrl = null, TimeSpan clockIsOffBy = default) =>
        HttpHouse.StartAsync(s =>
        {
            if (publicUrl is not null)
            {
                ((FakeTimeProvider)s.FreezeTime().Clock).SetUtcNow(TimeProvider.System.GetUtcNow() + clockIsOffBy);
            }

            s.Options = o => o.PublicUrl = publicUrl;
            s.Services = services => services.AddSingleton<IPaymentWebhook>(new ScriptedWebhook());
        });

    private static async Task<(int Exit, (string Verdict, string Subject, string Message)[] Findings)> RunAsync(
        HttpHouse house
    )
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await PayPerUseCommands.RunAsync(house.Services, ["doctor", "--json"], output, errors, Token);
        var findings = JsonNode.Parse(output.ToString())!["findings"]!.AsArray();
        return (
            exit,
            [.. findings.Select(f => ((string)f!["verdict"]!, (string)f["subject"]!, (string)f["message"]!))]
        );
    }
}
