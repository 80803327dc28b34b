using Sinterklaas.Web.Data;

namespace Sinterklaas.Web.Gifts;

/// <summary>What scripts are told of something that was made.</summary>
public static class GiftAnswer
{
    public static string UrlOf(GiftKind kind, string id) => kind == GiftKind.Letter ? $"/letters/{id}" : $"/audio/{id}";

    public static string SoundUrl(string id) => $"/audio/{id}/sound";

    public static object Of(Gift gift) =>
        gift.Kind == GiftKind.Letter
            ? new
            {
                gift.Id,
                gift.Text,
                url = UrlOf(gift.Kind, gift.Id),
            }
            : new
            {
                gift.Id,
                script = gift.Text,
                audioUrl = gift.HasSound ? SoundUrl(gift.Id) : null,
            };
}
