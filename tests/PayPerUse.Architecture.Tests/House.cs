using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace PayPerUse.Architecture;

/// <summary>The five packages as they are compiled, and what each type in them uses.</summary>
internal static class House
{
    public static readonly Assembly Core = typeof(PayPerUseOptions).Assembly;
    public static readonly Assembly EfCore = Assembly.Load("PayPerUse.EfCore");
    public static readonly Assembly Stripe = Assembly.Load("PayPerUse.Stripe");
    public static readonly Assembly Payconiq = Assembly.Load("PayPerUse.Payconiq");
    public static readonly Assembly SignIn = Assembly.Load("PayPerUse.SignIn");
    public static readonly Assembly[] Packages = [Core, EfCore, Stripe, Payconiq, SignIn];

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Built = new(() =>
        new ArchLoader().LoadAssemblies([.. Packages, typeof(House).Assembly]).Build()
    );

    /// <summary>The types of a package, compiler-made ones left to the types they were made for.</summary>
    public static IEnumerable<IType> TypesOf(Assembly package) =>
        Built.Value.Types.Where(t =>
            string.Equals(t.Assembly.Name.Split(',')[0], package.GetName().Name, StringComparison.Ordinal)
        );

    /// <summary>The types of a namespace and the namespaces inside it.</summary>
    public static IEnumerable<IType> TypesIn(Assembly package, string room) =>
        TypesOf(package).Where(t => IsIn(t.Namespace?.FullName, room));

    /// <summary>Says which of the types use something they should not, one line for each use.</summary>
    public static string[] Uses(IEnumerable<IType> types, Func<string, bool> forbidden) =>
        [
            .. types
                .SelectMany(type =>
                    type.Dependencies.Select(d => d.Target.FullName)
                        .Where(forbidden)
                        .Select(target => $"{type.FullName} uses {target}")
                )
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Says which of the types use one of the rooms: namespaces, with the namespaces inside them.</summary>
    public static string[] UsesOf(IEnumerable<IType> types, params string[] rooms) =>
        Uses(types, target => rooms.Any(room => IsIn(target, room)));

    /// <summary>The assemblies a package was compiled against, of which it uses at least one thing.</summary>
    public static IEnumerable<string> ReferencesOf(Assembly package) =>
        package.GetReferencedAssemblies().Select(a => a.Name!);

    /// <summary>Whose tests may see a package's internals.</summary>
    public static IEnumerable<string> FriendsOf(Assembly package) =>
        package
            .GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>()
            .Select(a => a.AssemblyName);

    public static bool IsIn(string? name, string room) =>
        name is not null && (name == room || name.StartsWith(room + ".", StringComparison.Ordinal));
}
