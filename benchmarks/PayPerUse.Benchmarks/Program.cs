using PayPerUse.Benchmarks;
using PayPerUse.Benchmarks.Site;

var what = args.FirstOrDefault() ?? "compare";
if (what is "site")
{
    return await SiteLoad.RunAsync(args[1..]);
}

var seconds = int.TryParse(Environment.GetEnvironmentVariable("PAYPERUSE_BENCHMARK_SECONDS"), out var s) ? s : 5;
var rounds = int.TryParse(Environment.GetEnvironmentVariable("PAYPERUSE_BENCHMARK_ROUNDS"), out var r) ? r : 3;
var report = new Report();
await using var comparison = new Comparison(
    TimeSpan.FromSeconds(seconds),
    rounds,
    args.Skip(1).ToHashSet(StringComparer.Ordinal),
    report
);
switch (what)
{
    case "compare":
        await comparison.LedgerAsync();
        await comparison.GrowthAsync();
        await comparison.HttpAsync();
        break;
    case "ledger":
        await comparison.LedgerAsync();
        break;
    case "growth":
        await comparison.GrowthAsync();
        break;
    case "http":
        await comparison.HttpAsync();
        break;
    case "payments":
        await PaymentLoad.RunAsync(report, rounds);
        break;
    default:
        Console.Error.WriteLine("Say what to measure: compare, ledger, growth, http, payments or site.");
        return 2;
}

report.Print();
await report.SaveAsync(Path.Combine("artifacts", "benchmarks", what is "payments" ? "payments.json" : "compare.json"));
return 0;
