using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>
/// Where the read endpoints of each service are: section <c>Services</c>, as <c>Services:inventory</c>. A
/// service that runs in this process, as in the all-in-one, needs none.
/// </summary>
public sealed class ServiceAddresses(
    IConfiguration configuration, IServer server, IReadOnlyList<ServiceModule> here)
{
    private const string Section = "Services";
    private const string Example = "give its address, for example http://127.0.0.1:8080.";

    /// <summary>
    /// Ends the start when an address is none, or one that a module asks is not given.
    /// </summary>
    internal static void Check(IConfiguration configuration, IReadOnlyList<ServiceModule> here)
    {
        foreach (var address in configuration.GetSection(Section).GetChildren())
            if (!IsHttp(address.Value))
                throw new SettingRefusedException($"{address.Path} is \"{address.Value}\": {Example}");

        var elsewhere = here.SelectMany(module => module.Asks).Except(here.Select(module => module.Name));
        foreach (var service in elsewhere)
            if (configuration[$"{Section}:{service}"] is null)
                throw new SettingRefusedException(
                    $"{Section}:{service} is not set, and {service} does not run in this process: {Example}");
    }

    /// <summary>
    /// The base address of a service, by its name as <c>inventory</c>, with a slash at its end.
    /// </summary>
    /// <exception cref="InvalidOperationException">The process does not listen yet.</exception>
    public Uri Of(string service)
    {
        var setting = $"{Section}:{service}";
        return configuration[setting] is { } address ? WithSlash(address)
            : here.Any(module => module.Name == service) ? Own()
            : throw new InvalidOperationException($"{setting} is asked for, and no module here asks it.");
    }

    private Uri Own()
    {
        // Before the start it is the configured one, whose port may still be chosen.
        var own = server.Features.Get<IServerAddressesFeature>()?.Addresses
            .FirstOrDefault(address => !address.EndsWith(":0", StringComparison.Ordinal))
            ?? throw new InvalidOperationException(
                "This process does not listen yet: ask again when it does.");
        return WithSlash(own.Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://*", "://127.0.0.1", StringComparison.Ordinal));
    }

    private static Uri WithSlash(string address) => new(address.TrimEnd('/') + "/");

    private static bool IsHttp(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
