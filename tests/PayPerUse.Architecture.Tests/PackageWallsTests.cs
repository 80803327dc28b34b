using System.Reflection;

namespace PayPerUse.Architecture;

/// <summary>What the packages around Core may see: a stranger must be able to write the next one against public types.</summary>
public sealed class PackageWallsTests
{
    public static TheoryData<string> Providers => ["PayPerUse.Stripe", "PayPerUse.Payconiq"];

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_provider_sees_payments_and_its_own_wire_only(string package) =>
        Assert.Empty(
            House.UsesOf(
                House.TypesOf(Assembly.Load(package)),
                "PayPerUse.Credits",
                "PayPerUse.Http",
                "PayPerUse.Diagnostics",
                "PayPerUse.EfCore",
                "Microsoft.EntityFrameworkCore",
                "System.Data"
            )
        );

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_provider_references_no_other_package_of_the_family(string package) =>
        Assert.DoesNotContain(
            House.ReferencesOf(Assembly.Load(package)),
            name => House.IsIn(name, "PayPerUse") && name != "PayPerUse.Core"
        );

    [Theory]
    [InlineData("PayPerUse.EfCore")]
    [InlineData("PayPerUse.SignIn")]
    public void No_package_references_a_database_provider(string package)
    {
        string[] allowed =
        [
            "Microsoft.EntityFrameworkCore",
            "Microsoft.EntityFrameworkCore.Abstractions",
            "Microsoft.EntityFrameworkCore.Relational",
        ];

        Assert.DoesNotContain(
            House.ReferencesOf(Assembly.Load(package)),
            name =>
                (House.IsIn(name, "Microsoft.EntityFrameworkCore") && !allowed.Contains(name))
                || House.IsIn(name, "Microsoft.Data")
                || House.IsIn(name, "Npgsql")
        );
    }

    [Fact]
    public void EfCore_knows_nothing_of_http_and_providers() =>
        Assert.Empty(
            House.UsesOf(
                House.TypesOf(House.EfCore),
                "PayPerUse.Http",
                "PayPerUse.Stripe",
                "PayPerUse.Payconiq",
                "Microsoft.AspNetCore"
            )
        );

    [Fact]
    public void SignIn_knows_nothing_of_credits_and_payments()
    {
        Assert.Empty(House.UsesOf(House.TypesOf(House.SignIn), "PayPerUse.Credits", "PayPerUse.Payments"));
        Assert.DoesNotContain(
            House.ReferencesOf(House.SignIn),
            name => House.IsIn(name, "PayPerUse") && name != "PayPerUse.Core"
        );
    }

    [Fact]
    public void No_package_opens_its_internals_to_another_package() =>
        Assert.All(
            House.Packages,
            package =>
                Assert.All(
                    House.FriendsOf(package),
                    friend => Assert.EndsWith(".Tests", friend, StringComparison.Ordinal)
                )
        );
}
