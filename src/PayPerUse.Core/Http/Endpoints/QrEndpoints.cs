using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using PayPerUse.Http.Guard;
using PayPerUse.Http.Problems;
using PayPerUse.Payments;
using QRCoder;

namespace PayPerUse.Http.Endpoints;

/// <summary>The checkout link as a QR code, drawn here, so that no third party sees our users.</summary>
internal static class QrEndpoints
{
    private const int PngPixelsPerModule = 8;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapGet("/payments/{id}/qr.svg", SvgAsync)
            .Describe("PaymentQrSvg", "The checkout link as a QR code, SVG")
            .AddEndpointFilter(EndpointGuard.WithOpenAccountAsync)
            .Produces(StatusCodes.Status200OK, contentType: "image/svg+xml")
            .Problems(404);
        endpoints
            .MapGet("/payments/{id}/qr.png", PngAsync)
            .Describe("PaymentQrPng", "The checkout link as a QR code, PNG")
            .AddEndpointFilter(EndpointGuard.WithOpenAccountAsync)
            .Produces(StatusCodes.Status200OK, contentType: "image/png")
            .Problems(404);
    }

    private static Task<IResult> SvgAsync(HttpContext context, string id, AccountPayments payments) =>
        DrawAsync(
            context,
            id,
            payments,
            "image/svg+xml",
            data =>
            {
                using var code = new SvgQRCode(data);
                return Encoding.UTF8.GetBytes(
                    code.GetGraphic(4, "#000000", "#ffffff", sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute)
                );
            }
        );

    private static Task<IResult> PngAsync(HttpContext context, string id, AccountPayments payments) =>
        DrawAsync(
            context,
            id,
            payments,
            "image/png",
            data =>
            {
                using var code = new PngByteQRCode(data);
                return code.GetGraphic(PngPixelsPerModule);
            }
        );

    private static async Task<IResult> DrawAsync(
        HttpContext context,
        string id,
        AccountPayments payments,
        string contentType,
        Func<QRCodeData, byte[]> draw
    )
    {
        if (await payments.FindOwnAsync(context, id).ConfigureAwait(false) is not { CheckoutUrl: { } url })
        {
            return Problem.NotFound();
        }

        // Kept by the browser, but shown only after asking whether it is still this user's.
        context.Response.Headers.CacheControl = "private, no-cache";
        var link = url.AbsoluteUri;
        var tag = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(contentType + link)).AsSpan(0, 16));
        using var data = QRCodeGenerator.GenerateQrCode(link, QRCodeGenerator.ECCLevel.M);
        return Results.Bytes(draw(data), contentType, entityTag: new EntityTagHeaderValue($"\"{tag}\""));
    }
}
