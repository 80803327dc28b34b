using PayPerUse.Credits;
using PayPerUse.Payments;
using PayPerUse.Receipts;

namespace PayPerUse.EfCore.Receipts;

/// <summary>Between rows and receipts.</summary>
internal static class ReceiptRowMapping
{
    public static Receipt ToReceipt(this ReceiptRow row) =>
        new()
        {
            Series = row.Series,
            Sequence = row.Sequence,
            PaymentId = row.PaymentId,
            Position = row.Position,
            Account = AccountId.Parse(row.Account),
            Kind = (ReceiptKind)row.Kind,
            Description = row.Description,
            Credits = row.Credits,
            Amount = new Money(row.Amount, row.Currency),
            VatRate = row.VatRate / 100m,
            Vat = row.Vat,
            Seller = new SellerDetails(
                row.SellerName,
                row.SellerAddress,
                row.SellerEmail,
                row.EnterpriseNumber,
                row.VatNumber
            )
            {
                IsSmallBusiness = row.IsSmallBusiness,
                SmallBusinessMention = row.SmallBusinessMention,
            },
            IssuedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.IssuedAt),
        };

    public static ReceiptRow ToRow(this Receipt receipt, long sequence) =>
        new()
        {
            Series = receipt.Series,
            Sequence = sequence,
            PaymentId = receipt.PaymentId,
            Position = receipt.Position,
            Account = receipt.Account.Value,
            Kind = (short)receipt.Kind,
            Description = receipt.Description,
            Credits = receipt.Credits,
            Amount = receipt.Amount.Amount,
            Currency = receipt.Amount.Currency,
            VatRate = (int?)(receipt.VatRate * 100),
            Vat = receipt.Vat,
            SellerName = receipt.Seller.Name,
            SellerAddress = receipt.Seller.Address,
            SellerEmail = receipt.Seller.Email,
            EnterpriseNumber = receipt.Seller.EnterpriseNumber,
            VatNumber = receipt.Seller.VatNumber,
            IsSmallBusiness = receipt.Seller.IsSmallBusiness,
            SmallBusinessMention = receipt.Seller.SmallBusinessMention,
            IssuedAt = receipt.IssuedAt.ToUnixTimeMilliseconds(),
        };
}
