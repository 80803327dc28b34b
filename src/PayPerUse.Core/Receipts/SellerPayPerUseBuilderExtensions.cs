using Microsoft.Extensions.Configuration;
using PayPerUse;
using PayPerUse.Receipts;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds receipts to an app.</summary>
public static class SellerPayPerUseBuilderExtensions
{
    /// <summary>
    /// Adds the seller whose receipts and credit notes are issued; <c>GET /payments/{id}/receipt</c> shows them. A section without
    /// settings adds nothing. Safe to call twice.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="section">The settings, see <see cref="SellerOptions"/>; the section <c>Seller</c>.</param>
    public static IPayPerUseBuilder AddSeller(this IPayPerUseBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        return builder.AddSeller(section.Bind);
    }

    /// <inheritdoc cref="AddSeller(IPayPerUseBuilder, IConfiguration)"/>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the settings.</param>
    public static IPayPerUseBuilder AddSeller(this IPayPerUseBuilder builder, Action<SellerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(configure);
        var seller = new SellerOptions();
        configure(seller);
        return seller.IsConfigured ? builder.AddCreditEvents<ReceiptIssuer>() : builder;
    }
}
