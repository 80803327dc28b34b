using PayPerUse.Credits;

namespace PayPerUse.Answers;

/// <summary>What an action answered, kept for who paid for it.</summary>
/// <param name="Reservation">
/// The reservation that pays for it. Whether it was charged is known to the ledger alone: an answer is given only when this very
/// attempt was committed.
/// </param>
/// <param name="ExpiresAt">Until when it may be given again.</param>
/// <param name="Content">Status, headers and body, encrypted: a store never sees what was sold.</param>
public sealed record KeptAnswer(ReservationId Reservation, DateTimeOffset ExpiresAt, ReadOnlyMemory<byte> Content);
