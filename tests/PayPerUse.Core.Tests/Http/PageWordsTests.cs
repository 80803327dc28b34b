using System.Text.Json;
using PayPerUse.Http.Pages;

namespace PayPerUse.Core.Tests.Http;

/// <summary>What our own pages say, in every language of theirs.</summary>
public sealed class PageWordsTests
{
    [Theory]
    [InlineData("receipt.json")]
    [InlineData("return.json")]
    public void Every_language_has_every_word(string file)
    {
        using var json = PageResource.Open(file);
        var words = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(json)!;

        Assert.Equal(["nl", "fr", "de", "en"], words.Keys);
        Assert.All(words.Values, w => Assert.Equal(words["en"].Keys, w.Keys));
        Assert.All(words.Values.SelectMany(w => w.Values), text => Assert.False(string.IsNullOrWhiteSpace(text)));
    }
}
