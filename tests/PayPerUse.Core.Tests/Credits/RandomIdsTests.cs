using PayPerUse.Credits;

namespace PayPerUse.Core.Tests.Credits;

public sealed class RandomIdsTests
{
    [Fact]
    public void Ids_are_random_guids_of_version_4()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var id = RandomIds.NewGuid();

            Assert.Equal((4, true), (id.Version, id.Variant is >= 8 and <= 11));
        }
    }

    [Fact]
    public void No_two_threads_ever_make_the_same_id()
    {
        var made = new Guid[8][];

        Parallel.For(0, made.Length, i => made[i] = [.. Enumerable.Range(0, 10_000).Select(_ => RandomIds.NewGuid())]);

        Assert.Equal(80_000, made.SelectMany(m => m).Distinct().Count());
    }
}
