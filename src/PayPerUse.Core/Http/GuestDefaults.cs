namespace PayPerUse.Http;

/// <summary>Names that an app needs for guests.</summary>
public static class GuestDefaults
{
    /// <summary>The authentication scheme of guests; name it in the policies of what guests may do.</summary>
    public const string AuthenticationScheme = "PayPerUse.Guest";
}
