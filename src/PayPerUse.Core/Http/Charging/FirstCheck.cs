using Microsoft.AspNetCore.Http;

namespace PayPerUse.Http.Charging;

/// <summary>Endpoint metadata: a look at the request before credits are reserved.</summary>
internal sealed record FirstCheck(Func<HttpContext, ValueTask<IResult?>> Check);
