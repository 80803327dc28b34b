using System.Collections.Immutable;
using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.Accounts;

/// <summary>Reads what an account page shows, in the words of its language.</summary>
/// <param name="ledger">Where credits are.</param>
/// <param name="payments">The account's payments.</param>
/// <param name="withdrawals">What would come back of them.</param>
/// <param name="receipts">Whether they have receipts.</param>
public sealed class AccountOverviews(
    CreditLedger ledger,
    AccountPayments payments,
    WithdrawalService withdrawals,
    ReceiptService receipts
)
{
    private const int MaxLines = 100;

    /// <summary>As <see cref="ReadAsync"/>; null when a store does not answer, so that the rest of a page can still be shown.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="language"><c>nl</c>, <c>fr</c>, <c>de</c> or <c>en</c>, also with a region; another is told in English.</param>
    /// <param name="actionText">How an action is called in that language; null calls it by its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<AccountOverview?> TryReadAsync(
        AccountId account,
        string language,
        Func<string, string>? actionText,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ReadAsync(account, language, actionText, cancellationToken).ConfigureAwait(false);
        }
        catch (PayPerUseException)
        {
            return null;
        }
    }

    /// <summary>Reads an account with its newest 100 changes and 100 payments; older ones are in <see cref="AccountExport"/>.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="language"><c>nl</c>, <c>fr</c>, <c>de</c> or <c>en</c>, also with a region; another is told in English.</param>
    /// <param name="actionText">How an action is called in that language; null calls it by its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CreditStoreException">The credit store did not answer.</exception>
    /// <exception cref="PaymentStoreException">The payment store did not answer.</exception>
    public async Task<AccountOverview> ReadAsync(
        AccountId account,
        string language,
        Func<string, string>? actionText,
        CancellationToken cancellationToken
    )
    {
        var words = AccountWords.In(language);
        var balance = await ledger.ReadBalanceAsync(account, cancellationToken).ConfigureAwait(false);
        var entries = await ledger
            .ReadHistoryAsync(account, limit: MaxLines, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        var newest = await payments.ListAsync(account, MaxLines, cancellationToken).ConfigureAwait(false);
        var told = newest.Select(p => new AccountPayment(
            p,
            words.Of(p.Status),
            receipts.IsOn && p.GrantedAt is not null,
            withdrawals.Quote(p, balance)
        ));

        // A commit that takes all of its reservation changes nothing that a customer would look for.
        var lines = entries
            .Where(e => e.Credits != 0)
            .Select(e => new AccountLine(e, words.Of(e) ?? actionText?.Invoke(e.Action) ?? e.Action));
        return new AccountOverview(balance, [.. lines], [.. told]);
    }
}
