using PayPerUse.Receipts;

namespace PayPerUse.Core.Tests.Receipts;

/// <summary>A seller with VAT, right in every setting.</summary>
internal static class Sint
{
    public static void Sells(SellerOptions seller)
    {
        seller.Name = "Sint & Co";
        seller.Address = "Kaai 1\n2000 Antwerpen";
        seller.Email = "post@sint.example";
        seller.EnterpriseNumber = "0123.456.749";
        seller.VatNumber = "BE0123456749";
        seller.VatRate = 21m;
    }

    public static void SellsSmall(SellerOptions seller)
    {
        Sells(seller);
        (seller.VatNumber, seller.VatRate, seller.IsSmallBusiness) = (null, null, true);
    }
}
