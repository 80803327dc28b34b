namespace PayPerUse.Credits;

/// <summary>A store that answers at once and never keeps a thread waiting: its callers need no lane, no batch and no timer.</summary>
internal interface IPromptCreditStore : ICreditStore
{
    /// <summary>Applies one command, checked before.</summary>
    /// <param name="command">The command.</param>
    /// <param name="policy">The numbers to follow.</param>
    CreditResult Apply(CreditCommand command, CreditPolicy policy);
}
