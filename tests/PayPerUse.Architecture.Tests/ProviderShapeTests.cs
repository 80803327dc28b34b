using System.Reflection;
using System.Text.RegularExpressions;

namespace PayPerUse.Architecture;

/// <summary>Who knows one provider package knows them all, and can write the next one by copying.</summary>
public sealed class ProviderShapeTests
{
    public static TheoryData<string> Providers => ["Stripe", "Payconiq"];

    [Theory]
    [MemberData(nameof(Providers))]
    public void A_provider_package_has_the_family_s_shape(string name)
    {
        var types = TypesOf(name).Select(t => t.Name).ToArray();
        string[] shape =
        [
            "Defaults",
            "Log",
            "Options",
            "OptionsValidator",
            "PayPerUseBuilderExtensions",
            "Provider",
            "Webhook",
        ];

        Assert.Empty(shape.Select(role => name + role).Except(types));
        Assert.Contains(types, type => Regex.IsMatch(type, $"^{name}[A-Za-z]*Client$"));
    }

    [Fact]
    public void Provider_packages_show_the_same_types_to_adopters() => AssertSame(name => Surface(name));

    [Fact]
    public void Providers_are_added_in_the_same_ways() =>
        AssertSame(name =>
            TypesOf(name)
                .Single(t => t.Name == name + "PayPerUseBuilderExtensions")
                .GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Select(m => $"{m.Name}({string.Join(", ", m.GetParameters().Select(p => p.ParameterType))})")
                .Select(signature => signature.Replace(name, "X", StringComparison.Ordinal))
        );

    private static void AssertSame(Func<string, IEnumerable<string>> read) =>
        Assert.Equal(read("Stripe").Order(), read("Payconiq").Order());

    private static IEnumerable<string> Surface(string name) =>
        TypesOf(name).Where(t => t.IsPublic).Select(t => t.Name.Replace(name, "X", StringComparison.Ordinal));

    /// <summary>The simulator is a world of its own.</summary>
    private static IEnumerable<Type> TypesOf(string name) =>
        Assembly
            .Load("PayPerUse." + name)
            .GetTypes()
            .Where(t => !t.IsNested && !t.Name.Contains("Simulator", StringComparison.Ordinal));
}
