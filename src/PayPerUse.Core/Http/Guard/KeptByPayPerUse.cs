namespace PayPerUse.Http.Guard;

/// <summary>Marks the contract's own endpoints, which judge where a request comes from themselves.</summary>
internal sealed class KeptByPayPerUse;
