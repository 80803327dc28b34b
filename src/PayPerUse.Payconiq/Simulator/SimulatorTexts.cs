using Microsoft.AspNetCore.Http;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>The words of the pay page, in Dutch first.</summary>
internal sealed record SimulatorTexts
{
    public static readonly SimulatorTexts Dutch = new()
    {
        Language = "nl",
        Label = "Simulator — geen echt geld",
        Title = "Betaling bevestigen",
        To = "Aan",
        Message = "Mededeling",
        Approve = "Betalen",
        Decline = "Laat de bank weigeren",
        Cancel = "Annuleren",
        Back = "Terug naar de winkel",
        Succeeded = "Betaald",
        Declined = "De bank heeft geweigerd",
        Canceled = "Geannuleerd",
        Expired = "De tijd om te betalen is voorbij",
        Missing = "Deze betaling bestaat niet (meer)",
        EuroFormat = "€ {0},{1:00}",
    };

    public static readonly SimulatorTexts English = new()
    {
        Language = "en",
        Label = "Simulator — no real money",
        Title = "Confirm payment",
        To = "To",
        Message = "Message",
        Approve = "Pay",
        Decline = "Have the bank decline",
        Cancel = "Cancel",
        Back = "Back to the shop",
        Succeeded = "Paid",
        Declined = "The bank declined",
        Canceled = "Canceled",
        Expired = "The time to pay is over",
        Missing = "There is no such payment (any more)",
        EuroFormat = "€{0}.{1:00}",
    };

    public required string Language { get; init; }
    public required string Label { get; init; }
    public required string Title { get; init; }
    public required string To { get; init; }
    public required string Message { get; init; }
    public required string Approve { get; init; }
    public required string Decline { get; init; }
    public required string Cancel { get; init; }
    public required string Back { get; init; }
    public required string Succeeded { get; init; }
    public required string Declined { get; init; }
    public required string Canceled { get; init; }
    public required string Expired { get; init; }
    public required string Missing { get; init; }
    public required string EuroFormat { get; init; }

    /// <summary>The reader's choice of the two; Dutch when they say nothing.</summary>
    public static SimulatorTexts For(HttpRequest request)
    {
        var wanted = request
            .GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value?.Split('-')[0])
            .FirstOrDefault(l => l is "nl" or "en");
        return wanted == "en" ? English : Dutch;
    }

    public string Of(string status) =>
        status switch
        {
            "SUCCEEDED" => Succeeded,
            "AUTHORIZATION_FAILED" or "FAILED" => Declined,
            "CANCELLED" => Canceled,
            "EXPIRED" => Expired,
            _ => Title,
        };

    public string Euros(long cents) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, EuroFormat, cents / 100, cents % 100);
}
