namespace Platform.Gateway.Api;

/// <summary>Refusals as problem+json (RFC 9457), each with a stable code.</summary>
internal static class Problem
{
    public static IResult Of(int status, string code, string detail) => Results.Problem(
        detail,
        statusCode: status,
        type: $"urn:platform:problem:{code}",
        extensions: new Dictionary<string, object?> { ["code"] = code });

    public static IResult UnknownBoot(Guid bootId) =>
        Of(StatusCodes.Status404NotFound, "unknown-boot", $"Boot {bootId} was never requested here.");
}
