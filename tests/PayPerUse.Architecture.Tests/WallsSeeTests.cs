using System.ComponentModel;
using System.Data;

namespace PayPerUse.Architecture;

/// <summary>A wall that sees nothing would let everything through: these uses of a forbidden type must all be seen.</summary>
public sealed class WallsSeeTests
{
    public static TheoryData<Type> Trespassers =>
        [.. typeof(Trespasser).GetNestedTypes().Select(t => (TheoryDataRow<Type>)t)];

    [Theory]
    [MemberData(nameof(Trespassers))]
    public void A_wall_sees_every_way_of_using_a_type(Type trespasser)
    {
        var types = House.TypesOf(typeof(Trespasser).Assembly).Where(t => t.FullName == trespasser.FullName);

        Assert.NotEmpty(House.UsesOf(types, "System.Data"));
    }

    [Fact]
    public void A_wall_does_not_see_what_is_not_there() =>
        Assert.Empty(
            House.UsesOf(
                House.TypesOf(typeof(Trespasser).Assembly).Where(t => t.FullName == typeof(NamingTests).FullName),
                "System.Data"
            )
        );

    [Fact]
    public void A_namespace_that_only_begins_the_same_is_another_room() =>
        Assert.False(House.IsIn("PayPerUse.CreditsAndMore.Thing", "PayPerUse.Credits"));
}

public static class Trespasser
{
    public static class ByCast
    {
        public static bool Trespass(object value) => value is DataTable;
    }

    public static class InLambda
    {
        public static Func<object> Trespass() => () => new DataTable();
    }

    public static class InAsync
    {
        public static async Task<object> Trespass()
        {
            await Task.Yield();
            return new DataTable();
        }
    }

    public static class InIterator
    {
        public static IEnumerable<object> Trespass()
        {
            yield return new DataTable();
        }
    }

    public static class AsTypeArgument
    {
        public static object Trespass() => new List<DataTable>();
    }

    public static class AsParameter
    {
        public static string? Trespass(DataTable? table) => table?.ToString();
    }

    [TypeConverter(typeof(DataTable))]
    public static class OnAttributes { }

    public sealed class AsBase : DataColumn { }
}
