using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using PayPerUse.Core.Tests.Http.Charging;
using PayPerUse.Http;

namespace PayPerUse.Core.Tests.Http.Pages;

[IgnoreAntiforgeryToken]
[RequireCredits("letter")]
public sealed class SceneModel(Scene scene) : PageModel
{
    public void OnGet() => scene.Reads++;

    public async Task<IActionResult> OnPostAsync() => SceneController.ToResult(await scene.PlayAsync(HttpContext));
}

[IgnoreAntiforgeryToken]
[RequireCredits("stream")]
[StreamAnswer]
public sealed class StreamModel(Scene scene) : PageModel
{
    public async Task<IActionResult> OnPostAsync() => SceneController.ToResult(await scene.PlayAsync(HttpContext));
}

[IgnoreAntiforgeryToken]
[RequireCredits("letter")]
[KeepAnswer(hours: 24)]
public sealed class KeptModel(Scene scene) : PageModel
{
    public async Task<IActionResult> OnPostAsync() => SceneController.ToResult(await scene.PlayAsync(HttpContext));
}

[IgnoreAntiforgeryToken]
public sealed class ByConventionModel(Scene scene) : PageModel
{
    public async Task<IActionResult> OnPostAsync() => SceneController.ToResult(await scene.PlayAsync(HttpContext));
}

/// <summary>A form as apps have it: antiforgery, model binding, validation.</summary>
[RequireCredits("letter")]
public sealed class LetterModel : PageModel
{
    [BindProperty]
    [Required]
    public string? Name { get; set; }

    public string? Letter { get; private set; }

    public IActionResult OnPost()
    {
        if (ModelState.IsValid)
        {
            Letter = "Dear " + Name;
        }

        return Page();
    }
}
