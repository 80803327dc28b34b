using Microsoft.AspNetCore.Http;
using PayPerUse.Payments;

namespace PayPerUse.Http.Endpoints;

/// <summary>What the return page says, in Dutch or English.</summary>
internal sealed record ReturnPageWords
{
    private static readonly ReturnPageWords Dutch = new()
    {
        Language = "nl",
        Title = "Je betaling",
        Back = "Terug naar de app",
        Unknown = "Deze betaling bestaat niet.",
        Waiting = "We wachten op de bevestiging van je betaling. Deze pagina vernieuwt vanzelf.",
        Paid = "Gelukt! Je betaling is ontvangen en je tegoed staat klaar.",
        Failed = "De betaling is mislukt. Er is niets aangerekend.",
        Canceled = "De betaling is geannuleerd.",
        Expired = "De betaling is verlopen. Begin gerust opnieuw.",
        Refunded = "De betaling is terugbetaald.",
        Review = "We kijken deze betaling even na. Je hoeft niets te doen.",
    };

    private static readonly ReturnPageWords English = new()
    {
        Language = "en",
        Title = "Your payment",
        Back = "Back to the app",
        Unknown = "There is no such payment.",
        Waiting = "We are waiting for the confirmation of your payment. This page refreshes by itself.",
        Paid = "Done! Your payment has arrived and your credits are ready.",
        Failed = "The payment failed. Nothing was charged.",
        Canceled = "The payment was canceled.",
        Expired = "The payment expired. You can start again.",
        Refunded = "The payment was refunded.",
        Review = "We are checking this payment. You do not need to do anything.",
    };

    public required string Language { get; init; }

    public required string Title { get; init; }

    public required string Back { get; init; }

    public required string Unknown { get; init; }

    private string Waiting { get; init; } = "";

    private string Paid { get; init; } = "";

    private string Failed { get; init; } = "";

    private string Canceled { get; init; } = "";

    private string Expired { get; init; } = "";

    private string Refunded { get; init; } = "";

    private string Review { get; init; } = "";

    /// <summary>The language that the customer prefers of the two; English when neither is asked for.</summary>
    public static ReturnPageWords For(HttpRequest request)
    {
        var preferred = request
            .GetTypedHeaders()
            .AcceptLanguage.Where(l => l.Quality is not 0)
            .OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value?.Split('-')[0])
            .FirstOrDefault(l =>
                string.Equals(l, "nl", StringComparison.OrdinalIgnoreCase)
                || string.Equals(l, "en", StringComparison.OrdinalIgnoreCase)
            );
        return string.Equals(preferred, "nl", StringComparison.OrdinalIgnoreCase) ? Dutch : English;
    }

    public string Of(PaymentStatus status) =>
        status switch
        {
            PaymentStatus.Paid => Paid,
            PaymentStatus.Failed => Failed,
            PaymentStatus.Canceled => Canceled,
            PaymentStatus.Expired => Expired,
            PaymentStatus.Refunded => Refunded,
            PaymentStatus.Disputed or PaymentStatus.Review => Review,
            _ => Waiting,
        };
}
