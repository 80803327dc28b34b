using PayPerUse.EfCore;
using PayPerUse.EfCore.Answers;
using PayPerUse.EfCore.Credits;
using PayPerUse.EfCore.Notices;
using PayPerUse.EfCore.Payments;
using PayPerUse.EfCore.Receipts;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Adds the tables of PayPerUse to a context.</summary>
public static class PayPerUseModelBuilderExtensions
{
    /// <summary>Adds the tables of PayPerUse to your own context, whose migrations then make them.</summary>
    /// <param name="modelBuilder">The model, in <c>OnModelCreating</c>.</param>
    public static ModelBuilder UsePayPerUse(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var collation = DatabaseKind.OrdinalCollationOf(modelBuilder.Model);
        modelBuilder.ApplyConfiguration(new CreditAccountRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new CreditGrantRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new CreditReservationRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new CreditEntryRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new CreditCheckpointRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new CreditKnownIdRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new CreditWalkRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new KeptAnswerRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new PaymentRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new PaymentEventRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new PaymentCursorRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new LowBalanceRowConfiguration(collation));
        modelBuilder.ApplyConfiguration(new ReceiptRowConfiguration(collation));
        return modelBuilder;
    }
}
