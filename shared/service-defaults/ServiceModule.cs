using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults;

/// <summary>
/// What a service is made of. Its own program runs one module; the all-in-one runs them all in one process,
/// on one bus.
/// </summary>
/// <param name="Name">As its folder is named. Its configuration section is the same in PascalCase.</param>
/// <param name="Services">Adds what it needs to the container, its options and stores among them.</param>
/// <param name="Bus">Adds its consumers and sagas.</param>
/// <param name="Endpoints">Maps its read endpoints, under <c>/{Name}</c>.</param>
public sealed record ServiceModule(
    string Name,
    Action<IHostApplicationBuilder> Services,
    Action<IBusRegistrationConfigurator> Bus,
    Action<IEndpointRouteBuilder> Endpoints)
{
    /// <summary>Services whose endpoints it asks, by name: each runs here or has an address.</summary>
    public IReadOnlyList<string> Asks { get; init; } = [];

    /// <summary>
    /// The events that anyone may listen to: their exchanges are there from the start, to bind queues to.
    /// </summary>
    public IReadOnlyList<Type> Publishes { get; init; } = [];

    /// <summary>
    /// The configuration section of a service: <c>NetworkBinding</c> of <c>network-binding</c>.
    /// </summary>
    public static string SectionOf(string service) =>
        string.Concat(service.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
