using PayPerUse.Credits;

namespace PayPerUse.Http.Charging;

/// <summary>The charge of one request, while it runs.</summary>
internal sealed class CreditCharge(ReservationId reservation, string action, long reserved) : ICreditCharge
{
    public ReservationId Reservation { get; } = reservation;

    public AccountId Account => Reservation.Account;

    public string OperationId => OperationIds.ToClient(Reservation.Id);

    public string Action { get; } = action;

    public long Reserved { get; } = reserved;

    /// <summary>What the action says it really took; null for all.</summary>
    public long? Actual { get; set; }

    /// <summary>Whether the action wants nothing charged.</summary>
    public bool IsDeclined { get; set; }
}

/// <summary>Tells that a request passed the gate, also when it makes no charge.</summary>
internal sealed class CreditGateMark
{
    public static readonly CreditGateMark Instance = new();
}
