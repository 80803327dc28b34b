namespace PayPerUse.Architecture;

public sealed class NamingTests
{
    private static readonly string[] Empty =
    [
        "Helper",
        "Helpers",
        "Util",
        "Utils",
        "Utility",
        "Utilities",
        "Common",
        "Manager",
    ];

    [Fact]
    public void No_type_is_named_after_nothing() =>
        Assert.DoesNotContain(
            House.Packages.SelectMany(House.TypesOf).Select(t => t.FullName),
            name => Empty.Any(word => name.EndsWith(word, StringComparison.Ordinal))
        );

    [Fact]
    public void Every_public_type_is_where_its_package_or_a_caller_looks()
    {
        string[] callers =
        [
            "Microsoft.Extensions.DependencyInjection",
            "Microsoft.AspNetCore.Builder",
            "Microsoft.AspNetCore.Http",
            "Microsoft.EntityFrameworkCore",
        ];

        Assert.DoesNotContain(
            House.Packages.SelectMany(package => package.GetExportedTypes()),
            type =>
                !House.IsIn(type.Namespace, "PayPerUse")
                && !(callers.Contains(type.Namespace) && type is { IsAbstract: true, IsSealed: true })
        );
    }
}
