using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using QRCoder;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>What the customer sees and does: the pay page, its style, its code, and the bank app's buttons.</summary>
internal sealed class SimulatorPages(
    PayconiqSimulator bank,
    SimulatorAddresses addresses,
    IOptions<PayconiqSimulatorOptions> options
)
{
    public static IResult Css(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Text(SimulatorPage.Css, "text/css; charset=utf-8");
    }

    public IResult Pay(HttpContext context, string paymentId)
    {
        var texts = SimulatorTexts.For(context);
        var payment = bank.Identify(paymentId);
        Protect(context.Response, payment?.ReturnUrl);
        return payment is null
            ? Html(SimulatorPage.Missing(texts), StatusCodes.Status404NotFound)
            : Html(SimulatorPage.Of(payment, options.Value.MerchantName, texts), StatusCodes.Status200OK);
    }

    public Task<IResult> ApproveAsync(HttpRequest request, string paymentId, CancellationToken cancellationToken) =>
        EndAsync(request, paymentId, "SUCCEEDED", bank.Approve, cancellationToken);

    public Task<IResult> DeclineAsync(HttpRequest request, string paymentId, CancellationToken cancellationToken) =>
        EndAsync(request, paymentId, "AUTHORIZATION_FAILED", bank.Decline, cancellationToken);

    public Task<IResult> CancelAsync(HttpRequest request, string paymentId, CancellationToken cancellationToken) =>
        EndAsync(request, paymentId, "CANCELLED", bank.Cancel, cancellationToken);

    public Task<IResult> ExpireAsync(HttpRequest request, string paymentId, CancellationToken cancellationToken) =>
        EndAsync(request, paymentId, "EXPIRED", bank.Expire, cancellationToken);

    public Task<IResult> FailAsync(HttpRequest request, string paymentId, CancellationToken cancellationToken) =>
        EndAsync(request, paymentId, "FAILED", bank.Fail, cancellationToken);

    /// <summary>The image service of the real one: <c>?c=LINK&amp;f=PNG|SVG</c>, for links to the pay page only.</summary>
    public IResult QrCode(string? c, string? f)
    {
        if (c is null || !c.StartsWith(addresses.PayPage("").AbsoluteUri, StringComparison.Ordinal) || c.Length > 2048)
        {
            return SimulatorErrors.Field("FIELD_IS_INVALID", "c must be the link of a payment.");
        }

        using var code = QRCodeGenerator.GenerateQrCode(c, QRCodeGenerator.ECCLevel.M);
        if (string.Equals(f, "SVG", StringComparison.OrdinalIgnoreCase))
        {
            using var svg = new SvgQRCode(code);
            return Results.Text(svg.GetGraphic(8), "image/svg+xml");
        }

        using var png = new PngByteQRCode(code);
        return Results.Bytes(png.GetGraphic(8), "image/png");
    }

    private async Task<IResult> EndAsync(
        HttpRequest request,
        string paymentId,
        string status,
        Func<string, SimulatedPayment?> end,
        CancellationToken cancellationToken
    )
    {
        var from = await SimulatorForm.PageAsync(request, cancellationToken).ConfigureAwait(false);
        var payment = end(paymentId);
        if (from == SimulatorControls.BoardPage)
        {
            return SimulatorControls.ToBoard(request);
        }

        if (from is not null)
        {
            return SeeOther(
                request.HttpContext.Response,
                payment is { ReturnUrl: { } back } && payment.Status == status
                    ? back.AbsoluteUri
                    : addresses.PayPage(paymentId).AbsoluteUri
            );
        }

        // Doing the same again is no error; doing something else to an ended payment is.
        return payment is null ? SimulatorErrors.NotFound
            : payment.Status == status ? SimulatorJson.Result(SimulatorJson.Payment(payment, addresses, options.Value))
            : SimulatorErrors.NotPending(payment);
    }

    internal static IResult SeeOther(HttpResponse response, string address)
    {
        response.Headers.Location = address;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    internal static IResult Html(string html, int status) =>
        Results.Text(html, "text/html; charset=utf-8", statusCode: status);

    internal static void Protect(HttpResponse response, Uri? returnUrl)
    {
        // Browsers hold form-action against the redirect after the form as well.
        var back = returnUrl?.GetLeftPart(UriPartial.Authority);
        response.Headers.ContentSecurityPolicy = new StringValues(
            $"default-src 'none'; style-src 'self'; form-action 'self'{(back is null ? "" : " " + back)}; "
                + "base-uri 'none'; frame-ancestors 'none'"
        );
        response.Headers.XContentTypeOptions = "nosniff";

        // Not no-referrer: with it, browsers send "Origin: null" with the page's own forms, which an app refuses as cross-site.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
    }
}
