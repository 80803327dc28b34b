#region program
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using PayPerUse.Payments;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDbContext<AppDbContext>(o => o.UseSqlite("Data Source=shop.db"));
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
builder
    .Services.AddPayPerUse()
    .AddPack(new CreditPack("five", credits: 5, Money.Euro(1.00m)))
    .AddAction("letter", credits: 1)
    .UseEntityFrameworkCore<AppDbContext>()
    .AddPayconiqSimulator();

var app = builder.Build();
using (var scope = app.Services.CreateScope())
{
    scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreated();
}

app.MapPayPerUse();
app.MapPayconiqSimulator();
app.MapPost("/letters", () => new { text = "Dear child, …" }).RequireCredits("letter");

// Your own sign-in goes here. This one believes anybody.
app.MapPost(
    "/signin/{name}",
    (string name) =>
        Results.SignIn(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, name)], "name")))
);
app.Run();
#endregion
