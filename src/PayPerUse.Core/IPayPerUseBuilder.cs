using Microsoft.Extensions.DependencyInjection;

namespace PayPerUse;

/// <summary>Configures PayPerUse. Every verb is an extension method, so that packages add theirs.</summary>
public interface IPayPerUseBuilder
{
    /// <summary>The app's services.</summary>
    IServiceCollection Services { get; }
}
