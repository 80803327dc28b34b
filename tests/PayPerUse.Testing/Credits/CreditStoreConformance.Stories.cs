using CsCheck;
using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

public abstract partial class CreditStoreConformance
{
    /// <summary>How many random stories are told; each is a few dozen batches. The long mode tells more.</summary>
    protected virtual int Stories => LongRun.IsOn ? 500 : 25;

    [Fact]
    public async Task Random_stories_with_crashes_and_retries_end_as_a_naive_model_says()
    {
        var teller = new CreditStoryteller(Store, Clock, store => ReopenStoreAsync(store, Clock));

        // One thread: the stories share a clock.
        await Gen.Select(CreditScript.Story, CreditScript.Policy)
            .SampleAsync((story, policy) => teller.TellAsync(story, policy), iter: Stories, threads: 1);
        Assert.True(Store is not ICreditMerger || teller.Merges > 0, "No story held a merge that was done.");
    }

    [Fact]
    public async Task What_callers_on_two_hosts_get_at_once_is_explained_by_the_order_of_the_log()
    {
        var teller = new CreditCrowdTeller(Store, await CreateSecondStoreAsync(Store, Clock), Clock);
        await CreditScript.Story.SampleAsync(teller.TellAsync, iter: LongRun.IsOn ? 300 : 10, threads: 1);
    }
}
