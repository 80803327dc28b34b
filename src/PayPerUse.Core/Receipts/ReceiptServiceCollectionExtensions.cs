using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace PayPerUse.Receipts;

internal static class ReceiptServiceCollectionExtensions
{
    public static void AddReceipts(this IServiceCollection services)
    {
        services.AddOptions<SellerOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SellerOptions>, SellerOptionsValidator>()
        );
        services.TryAddSingleton<InMemoryReceiptStore>();
        services.TryAddSingleton<IReceiptStore>(p => p.GetRequiredService<InMemoryReceiptStore>());
        services.TryAddSingleton<ReceiptService>();
    }
}
