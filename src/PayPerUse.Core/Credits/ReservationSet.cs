using System.Collections.Immutable;

namespace PayPerUse.Credits;

/// <summary>Reservations by their id, while they are collected; a later one of the same id takes the place of the earlier.</summary>
/// <remarks>Nearly always there is one, for which a dictionary would cost more than applying the command that is about it.</remarks>
internal struct ReservationSet
{
    private CreditReservation? _only;
    private Dictionary<string, CreditReservation>? _many;

    public readonly bool IsEmpty => _only is null && _many is null;

    /// <summary>The reservation, when there is exactly one.</summary>
    public readonly CreditReservation? Only => _only;

    public readonly CreditReservation? Find(string id) =>
        _many is not null ? _many.GetValueOrDefault(id)
        : _only is not null && string.Equals(_only.Id, id, StringComparison.Ordinal) ? _only
        : null;

    public void Set(CreditReservation reservation)
    {
        if (_many is null && (_only is null || string.Equals(_only.Id, reservation.Id, StringComparison.Ordinal)))
        {
            _only = reservation;
            return;
        }

        if (_many is null)
        {
            _many = new(StringComparer.Ordinal) { [_only!.Id] = _only };
            _only = null;
        }

        _many[reservation.Id] = reservation;
    }

    public void Remove(string id)
    {
        if (_only is not null && string.Equals(_only.Id, id, StringComparison.Ordinal))
        {
            _only = null;
        }

        if (_many is not null && _many.Remove(id) && _many.Count == 0)
        {
            _many = null;
        }
    }

    public readonly ImmutableArray<CreditReservation> ToArray() =>
        _many is not null ? [.. _many.Values]
        : _only is not null ? [_only]
        : [];

    public readonly ImmutableDictionary<string, CreditReservation> AddTo(
        ImmutableDictionary<string, CreditReservation> reservations
    ) =>
        _many is not null ? reservations.SetItems(_many)
        : _only is not null ? reservations.SetItem(_only.Id, _only)
        : reservations;
}
