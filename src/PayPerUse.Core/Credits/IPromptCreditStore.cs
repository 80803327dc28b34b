namespace PayPerUse.Credits;

/// <summary>A store that answers at once and never keeps a thread waiting: its callers need no lane, no batch and no timer.</summary>
internal interface IPromptCreditStore : ICreditStore;
