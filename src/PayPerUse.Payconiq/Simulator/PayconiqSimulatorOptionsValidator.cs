using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PayPerUse.Payconiq.Simulator;

/// <summary>Stops the host at start where pretend money has no place.</summary>
internal sealed class PayconiqSimulatorOptionsValidator(IHostEnvironment environment)
    : IValidateOptions<PayconiqSimulatorOptions>
{
    public ValidateOptionsResult Validate(string? name, PayconiqSimulatorOptions options)
    {
        var errors = new List<string>();
        if (!environment.IsDevelopment() && !options.AllowPretendMoneyOutsideDevelopment)
        {
            errors.Add(
                $"the environment is {environment.EnvironmentName}, and the simulator runs in Development only. Configure the real "
                    + $"service (Payconiq:ApiKey, Payconiq:ProfileId) and leave the simulator out; or set "
                    + $"{nameof(PayconiqSimulatorOptions.AllowPretendMoneyOutsideDevelopment)}, and credits can be had for nothing."
            );
        }

        if (string.IsNullOrWhiteSpace(options.ApiKey) || string.IsNullOrWhiteSpace(options.ProfileId))
        {
            errors.Add("ApiKey and ProfileId must not be empty; leave them alone to have random ones.");
        }

        CheckTime(options.PaymentTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24), "PaymentTime");
        CheckTime(
            options.CallbackRetryDelay,
            TimeSpan.FromMilliseconds(1),
            TimeSpan.FromMinutes(5),
            "CallbackRetryDelay"
        );
        CheckTime(options.RefundTime, TimeSpan.Zero, TimeSpan.FromDays(7), "RefundTime");
        errors.AddRange(options.Weather.FindErrors().Select(e => "Weather: " + e));
        return errors.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(errors.Select(e => "Payconiq simulator: " + e));

        void CheckTime(TimeSpan value, TimeSpan min, TimeSpan max, string option)
        {
            if (value < min || value > max)
            {
                errors.Add($"{option}: must be between {min} and {max}, not {value}.");
            }
        }
    }
}
