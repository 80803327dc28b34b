namespace PayPerUse.Payments;

/// <summary>Compares what a provider says with our order: a pure function, so that every path decides alike.</summary>
internal sealed record PaymentJudgement
{
    /// <summary>How long after its end an unpaid payment is still asked about, for money that arrives late.</summary>
    private static readonly TimeSpan[] LateChecks =
    [
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(24),
    ];

    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromMinutes(1);

    /// <summary>How often the sweeper sees whether a payment can be asked about again, and for how long after it was made.</summary>
    private static readonly TimeSpan OutOfReachInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan OutOfReachTime = TimeSpan.FromDays(30);

    /// <summary>The payment to save.</summary>
    public required Payment Payment { get; init; }

    /// <summary>Whether the credits must be granted now.</summary>
    public bool MustGrant { get; init; }

    /// <summary>Which field does not match our order; null when all do.</summary>
    public string? Mismatch { get; init; }

    public static PaymentJudgement Of(
        Payment payment,
        ProviderPayment? said,
        PaymentTrigger trigger,
        DateTimeOffset now,
        bool holdsInDispute = false
    )
    {
        if (said is null)
        {
            return payment.GrantedAt is null
                ? OfNothing(payment, now)
                : new PaymentJudgement
                {
                    // Providers forget old payments. What we know of refunds still counts.
                    Payment = ReversalJudgement.Of(payment with { CheckedAt = now }, null, holdsInDispute, now),
                };
        }

        if (!payment.IsAccepted && FindMismatch(payment, said) is { } mismatch)
        {
            return InReview(payment, said, mismatch, now);
        }

        var known = payment with
        {
            ProviderPaymentId = said.ProviderPaymentId,
            ChargeId = said.ChargeId ?? payment.ChargeId,
            CheckoutUrl = payment.CheckoutUrl ?? said.CheckoutUrl,
            ExpiresAt = said.ExpiresAt ?? payment.ExpiresAt,
            CheckedAt = now,
        };
        if (payment.GrantedAt is not null)
        {
            return said.Status == ProviderPaymentStatus.Paid || payment.IsAccepted
                ? new PaymentJudgement { Payment = ReversalJudgement.Of(known, said.Reversals, holdsInDispute, now) }
                : InReview(payment, said, $"status: ours is {payment.Status}, the provider says {said.Status}", now);
        }

        return said.Status switch
        {
            // The moment of payment is saved before the ledger is called: the credits' expiry counts from it, on every retry.
            ProviderPaymentStatus.Paid => new PaymentJudgement
            {
                Payment = known with
                {
                    Status = PaymentStatus.Processing,
                    PaidAt = payment.PaidAt ?? Credits.CreditTime.Floor(said.PaidAt ?? now),
                    NextCheckAt = now + ExpiryMargin,
                },
                MustGrant = true,
            },
            ProviderPaymentStatus.Failed => Ended(known, PaymentStatus.Failed, now),
            ProviderPaymentStatus.Canceled => Ended(known, PaymentStatus.Canceled, now),
            ProviderPaymentStatus.Expired => Ended(
                known,
                trigger == PaymentTrigger.Cancel ? PaymentStatus.Canceled : PaymentStatus.Expired,
                now
            ),
            ProviderPaymentStatus.Processing => Waiting(
                known with
                {
                    Status = payment.IsOpen ? PaymentStatus.Processing : payment.Status,
                },
                now
            ),
            _ => Waiting(known, now),
        };
    }

    /// <summary>
    /// What becomes of a payment that nobody can be asked about, because this app has its provider in the other mode or no longer:
    /// it waits for the right settings, ends when nobody can have paid it any more, and is then left alone. Money that all the same
    /// shows up counts, as always.
    /// </summary>
    public static Payment OfOutOfReach(Payment payment, DateTimeOffset now)
    {
        if (payment is { IsOpen: true, PaidAt: null } && now > payment.ExpiresAt + LateChecks[^1])
        {
            return payment with { Status = PaymentStatus.Expired, OpenKey = null, NextCheckAt = null };
        }

        return payment with
        {
            NextCheckAt = now - payment.CreatedAt < OutOfReachTime ? now + OutOfReachInterval : null,
        };
    }

    /// <summary>When the sweeper looks again at a payment that is still open: often at first, then seldom.</summary>
    public static DateTimeOffset NextCheckOf(Payment payment, DateTimeOffset now)
    {
        var age = now - payment.CreatedAt;
        var wait = TimeSpan.FromSeconds(Math.Clamp(age.TotalSeconds / 4, 15, 600));
        var next = now + wait;

        // Just after the end is when the answer is final.
        var end = payment.ExpiresAt + TimeSpan.FromSeconds(5);
        return now < end && end < next ? end : next;
    }

    /// <summary>The ids of what bears our reference are kept, so that a person can send its money back.</summary>
    private static PaymentJudgement InReview(Payment payment, ProviderPayment said, string mismatch, DateTimeOffset now)
    {
        var isOurs = string.Equals(said.Reference, payment.Id, StringComparison.Ordinal);
        return new PaymentJudgement
        {
            Payment = payment with
            {
                Status = PaymentStatus.Review,
                OpenKey = null,
                ProviderPaymentId = payment.ProviderPaymentId ?? (isOurs ? said.ProviderPaymentId : null),
                ChargeId = payment.ChargeId ?? (isOurs ? said.ChargeId : null),
                CheckedAt = now,
                NextCheckAt = null,
            },
            Mismatch = mismatch,
        };
    }

    private static PaymentJudgement OfNothing(Payment payment, DateTimeOffset now)
    {
        var known = payment with { CheckedAt = now };
        return payment.IsOpen && now <= payment.ExpiresAt + ExpiryMargin
            ? Waiting(known, now)
            : Ended(known, PaymentStatus.Expired, now);
    }

    private static PaymentJudgement Waiting(Payment payment, DateTimeOffset now) =>
        new()
        {
            Payment = payment.IsOpen
                ? payment with
                {
                    NextCheckAt = NextCheckOf(payment, now),
                }
                : payment with
                {
                    NextCheckAt = NextLateCheck(payment, now),
                },
        };

    private static PaymentJudgement Ended(Payment payment, PaymentStatus status, DateTimeOffset now)
    {
        // The first ending stands: a payment that we called canceled is not renamed when the provider lets it expire.
        var ended = payment with
        {
            Status = payment.IsOpen ? status : payment.Status,
            OpenKey = null,
        };
        return new PaymentJudgement { Payment = ended with { NextCheckAt = NextLateCheck(ended, now) } };
    }

    private static DateTimeOffset? NextLateCheck(Payment payment, DateTimeOffset now)
    {
        foreach (var late in LateChecks)
        {
            if (payment.ExpiresAt + late > now)
            {
                return payment.ExpiresAt + late;
            }
        }

        return null;
    }

    private static string? FindMismatch(Payment payment, ProviderPayment said)
    {
        if (!string.Equals(said.Reference, payment.Id, StringComparison.Ordinal))
        {
            return $"reference: ours is {payment.Id}, the provider has '{said.Reference}'";
        }

        if (said.Amount != payment.Price)
        {
            return $"amount: ours is {payment.Price}, the provider has {said.Amount}";
        }

        if (said.Mode != payment.Mode)
        {
            return $"mode: ours is {payment.Mode}, the provider has {said.Mode}";
        }

        return
            payment.ProviderPaymentId is { } id && !string.Equals(id, said.ProviderPaymentId, StringComparison.Ordinal)
            ? $"provider payment id: ours is {id}, the provider has {said.ProviderPaymentId}"
            : null;
    }
}
