namespace PayPerUse.Architecture;

/// <summary>The walls between the rooms of PayPerUse.Core, so that <c>Http/</c> could leave for a package of its own.</summary>
public sealed class CoreWallsTests
{
    private static readonly string[] Databases =
    [
        "Microsoft.EntityFrameworkCore",
        "System.Data",
        "Npgsql",
        "Microsoft.Data",
    ];

    [Fact]
    public void Credits_never_see_a_web_request() =>
        Assert.Empty(
            House.UsesOf(House.TypesIn(House.Core, "PayPerUse.Credits"), "Microsoft.AspNetCore", "System.Net")
        );

    [Fact]
    public void Payments_never_see_a_web_request() =>
        Assert.Empty(
            House.UsesOf(House.TypesIn(House.Core, "PayPerUse.Payments"), "Microsoft.AspNetCore", "System.Net")
        );

    [Fact]
    public void Credits_know_nothing_of_payments_and_http() =>
        Assert.Empty(
            House.UsesOf(House.TypesIn(House.Core, "PayPerUse.Credits"), "PayPerUse.Payments", "PayPerUse.Http")
        );

    [Fact]
    public void Payments_know_nothing_of_http() =>
        Assert.Empty(House.UsesOf(House.TypesIn(House.Core, "PayPerUse.Payments"), "PayPerUse.Http"));

    [Fact]
    public void Accounts_know_nothing_of_http() =>
        Assert.Empty(
            House.UsesOf(House.TypesIn(House.Core, "PayPerUse.Accounts"), "Microsoft.AspNetCore", "PayPerUse.Http")
        );

    [Fact]
    public void Diagnostics_know_nothing_of_http() =>
        Assert.Empty(
            House.UsesOf(House.TypesIn(House.Core, "PayPerUse.Diagnostics"), "Microsoft.AspNetCore", "PayPerUse.Http")
        );

    [Fact]
    public void No_room_of_core_sees_a_database()
    {
        Assert.Empty(House.UsesOf(House.TypesOf(House.Core), Databases));
        Assert.DoesNotContain(House.ReferencesOf(House.Core), name => Databases.Any(room => House.IsIn(name, room)));
    }

    [Fact]
    public void The_rules_know_no_clock_no_log_no_wait_and_no_chance()
    {
        string[] impure =
        [
            "Microsoft",
            "System.TimeProvider",
            "System.Random",
            "System.Security.Cryptography",
            "System.IO",
            "System.Threading",
        ];
        var rules = House
            .TypesIn(House.Core, "PayPerUse.Credits")
            .Where(t => t.Name is "CreditRules" or "CreditAccountDraft" or "CreditAccount" or "CreditBatch")
            .ToArray();

        Assert.Equal(4, rules.Length);
        Assert.Empty(House.UsesOf(rules, impure));
    }

    [Fact]
    public void Only_core_s_own_tests_see_its_internals() =>
        Assert.Equal(["PayPerUse.Core.Tests"], House.FriendsOf(House.Core));
}
