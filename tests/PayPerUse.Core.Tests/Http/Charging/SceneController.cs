using Microsoft.AspNetCore.Mvc;
using PayPerUse.Http;

namespace PayPerUse.Core.Tests.Http.Charging;

public sealed class SceneController(Scene scene) : Controller
{
    [HttpPost("/controller/scene")]
    [RequireCredits("letter")]
    public async Task<IActionResult> Play() => ToResult(await scene.PlayAsync(HttpContext));

    [HttpPost("/controller/stream")]
    [RequireCredits("stream")]
    [StreamAnswer]
    public async Task<IActionResult> Stream() => ToResult(await scene.PlayAsync(HttpContext));

    [HttpPost("/controller/kept")]
    [RequireCredits("letter")]
    [KeepAnswer(hours: 24)]
    public async Task<IActionResult> Kept() => ToResult(await scene.PlayAsync(HttpContext));

    [HttpPost("/controller/convention")]
    public async Task<IActionResult> Convention() => ToResult(await scene.PlayAsync(HttpContext));

    internal static IActionResult ToResult(object? answer) =>
        answer switch
        {
            null => new EmptyResult(),
            int status => new StatusCodeResult(status),
            _ => new ContentResult { Content = answer.ToString(), ContentType = "text/plain" },
        };
}
