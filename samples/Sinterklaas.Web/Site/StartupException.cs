namespace Sinterklaas.Web;

/// <summary>The site cannot start as configured; the message says which setting to change.</summary>
public sealed class StartupException(string message) : Exception(message);
