namespace Sinterklaas.Web.Pages;

/// <summary>Two steps: what would come back, and that it shall.</summary>
[Authorize]
public sealed class WithdrawModel(AccountPayments payments, WithdrawalService withdrawals) : PageModel
{
    public List<WithdrawalQuote> Quotes { get; } = [];

    public List<WithdrawalResult> Results { get; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        foreach (var payment in await payments.ListAsync(new AccountId(User.UserId()), 100, ct))
        {
            if (await withdrawals.QuoteAsync(payment, ct) is { IsOpen: true } quote)
            {
                Quotes.Add(quote);
            }
        }
    }

    /// <summary>Each with the amount that was shown: another one is shown anew instead of being taken.</summary>
    public async Task<IActionResult> OnPostAsync([FromForm] Dictionary<string, long> amounts, CancellationToken ct)
    {
        foreach (var (id, amount) in amounts)
        {
            if (await payments.FindAsync(new AccountId(User.UserId()), id, ct) is { } payment && amount >= 0)
            {
                Results.Add(await withdrawals.ConfirmAsync(id, new Money(amount, payment.Price.Currency), ct));
            }
        }

        await OnGetAsync(ct);
        return Page();
    }
}
