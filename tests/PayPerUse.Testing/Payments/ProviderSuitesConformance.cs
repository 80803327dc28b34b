using Xunit;

namespace PayPerUse.Testing.Payments;

/// <summary>Derive once in a provider's test project: fails when the project skips one of the suites for providers.</summary>
public abstract class ProviderSuitesConformance
{
    private static readonly Type[] Suites = [typeof(PaymentProviderConformance), typeof(PaymentWeatherConformance)];

    [Fact]
    public void No_suite_for_providers_is_skipped() =>
        Assert.All(
            Suites,
            suite =>
                Assert.Contains(
                    GetType().Assembly.GetTypes(),
                    type => type is { IsAbstract: false, IsPublic: true } && type.IsSubclassOf(suite)
                )
        );
}
