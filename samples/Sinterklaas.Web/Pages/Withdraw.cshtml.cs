namespace Sinterklaas.Web.Pages;

/// <summary>Two steps: what would come back, and that it shall.</summary>
[Authorize]
public sealed class WithdrawModel(AccountWithdrawals withdrawals) : PageModel
{
    public IReadOnlyList<WithdrawalQuote> Quotes { get; private set; } = [];

    public IReadOnlyList<WithdrawalResult> Results { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) =>
        Quotes = await withdrawals.QuoteAsync(new AccountId(User.UserId()), ct);

    /// <summary>Each with the amount that was shown: another one is shown anew instead of being taken.</summary>
    public async Task OnPostAsync([FromForm] Dictionary<string, long> amounts, CancellationToken ct)
    {
        Results = await withdrawals.ConfirmAsync(new AccountId(User.UserId()), amounts, ct);
        await OnGetAsync(ct);
    }
}
