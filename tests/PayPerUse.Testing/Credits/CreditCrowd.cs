using PayPerUse.Credits;
using Xunit;

namespace PayPerUse.Testing.Credits;

/// <summary>
/// What a crowd of callers was answered, and the logs of the accounts. Each log is an order; a merge is in two of them, and puts what
/// comes before it in either before what comes after it in either.
/// </summary>
/// <param name="commands">What was sent.</param>
/// <param name="results">What each caller heard.</param>
internal sealed class CreditCrowd(CreditCommand[] commands, CreditResult[] results)
{
    private readonly List<Account> _accounts = [];

    public IEnumerable<(AccountId Account, NaiveCredits Model)> Models => _accounts.Select(a => (a.Model.Id, a.Model));

    /// <summary>The accounts that are closed.</summary>
    public IEnumerable<AccountId> Merged =>
        _accounts.Where(a => a.Model.MergedInto is not null).Select(a => a.Model.Id);

    /// <summary>Adds an account and its whole log, oldest first.</summary>
    public void Add(AccountId account, IEnumerable<CreditEntry> log) =>
        _accounts.Add(new Account(new NaiveCredits(account, CreditPolicy.Default), [.. log]));

    /// <summary>Tells the model what was applied, in an order that all logs allow; each caller must have heard what the model says.</summary>
    public void Explain()
    {
        while (_accounts.Find(a => a.Next is not null) is not null)
        {
            Assert.True(
                _accounts.Exists(TryApplyNext) || _accounts.Exists(TryMerge),
                "There is no order that explains the logs: each waits for another."
            );
        }

        foreach (var account in _accounts)
        {
            Assert.Equal(account.Model.Log, account.Log.Select(NaiveCredits.Line.Of));
        }

        foreach (var (command, result) in commands.Zip(results))
        {
            Assert.Equal(
                result.Status == CreditStatus.Merged ? Find(command.Account).Model.MergedInto : null,
                result.MergedInto
            );
        }

        Assert.Equal(
            _accounts.Sum(a => a.Log.Count(e => !IsMerge(e.Kind))),
            results.Count(r => r.Status == CreditStatus.Applied)
        );
    }

    private bool TryApplyNext(Account account)
    {
        if (account.Next is not { } entry || IsMerge(entry.Kind))
        {
            return false;
        }

        var i = Array.FindIndex(commands, c => IsEntryOf(c, account.Model.Id, entry));
        Assert.True(i >= 0, $"{entry} was never sent.");
        Assert.Equal(account.Model.Apply(commands[i], CreditScript.Start), NaiveCredits.Answer.Of(results[i]));
        account.Read++;
        return true;
    }

    /// <summary>
    /// A merge can be told once both logs have come to it. An account that had nothing leaves no entry in the other; so whoever was
    /// closed into this one goes first.
    /// </summary>
    private bool TryMerge(Account source)
    {
        if (
            source.Next is not { Kind: CreditEntryKind.MergeOut } closing
            || _accounts.Exists(a => IsClosing(a, source))
        )
        {
            return false;
        }

        var target = _accounts.Find(a => IsClosing(source, a));
        Assert.True(target is not null, $"{closing} closes {source.Model.Id}, but into what?");
        var came = target.Log.Count(e => e.Attempt == closing.Attempt);
        if (came > 0 && target.Next?.Attempt != closing.Attempt)
        {
            return false;
        }

        var merged = NaiveCredits.Merge(source.Model, target.Model, CreditScript.Start);
        Assert.Equal(new CreditMergeResult(CreditMergeStatus.Merged, target.Model.Id), merged);
        source.Read++;
        target.Read += came;
        return true;
    }

    private static bool IsClosing(Account source, Account target) =>
        source != target
        && source.Next is { Kind: CreditEntryKind.MergeOut } closing
        && closing.OperationId == CreditMerge.IdOf(source.Model.Id, target.Model.Id);

    private Account Find(AccountId account) => _accounts.Single(a => a.Model.Id == account);

    private static bool IsMerge(CreditEntryKind kind) =>
        kind is CreditEntryKind.MergeIn or CreditEntryKind.MergeOut or CreditEntryKind.MergeDebt;

    private static bool IsEntryOf(CreditCommand command, AccountId account, CreditEntry entry) =>
        (command.Account, command.Id, command.Attempt) == (account, entry.OperationId, entry.Attempt)
        && command.Kind.ToString() == entry.Kind.ToString();

    private sealed class Account(NaiveCredits model, CreditEntry[] log)
    {
        public NaiveCredits Model => model;

        public CreditEntry[] Log => log;

        /// <summary>How many entries the model has been told.</summary>
        public int Read { get; set; }

        public CreditEntry? Next => Read < log.Length ? log[Read] : null;
    }
}
