using Platform.EventStore;
using Platform.Inventory.Consumers;
using Platform.Inventory.Domain;
using Platform.Inventory.Storage;
using Platform.Pci;

namespace Platform.Inventory;

/// <summary>A host, in one line.</summary>
public sealed record HostLine(
    string HostId, long Epoch, bool Online, long Version, DateTimeOffset? LastHeard, int Functions, int Free);

/// <summary>A function, and whose it is.</summary>
/// <param name="State"><c>free</c>, <c>held</c>, <c>cleaning</c>, <c>quarantined</c>, or
/// <c>unavailable</c>: in no use itself, and not to be had all the same. <c>held-withdrawn</c> and the like:
/// its host offers it no more, and when it is freed it goes.</param>
/// <param name="Reason">Why it is unavailable, or withdrawn.</param>
/// <param name="Vfs">Of a PF.</param>
public sealed record DeviceLine(
    string HostId,
    string Address,
    string VendorId,
    string ProductId,
    string DeviceType,
    string? ParentAddress,
    int? VfIndex,
    int? NumaNode,
    IReadOnlyDictionary<string, string?> Tags,
    string State,
    Guid? ClaimId,
    Guid? BootId,
    string? VmId,
    int? IommuGroup,
    string? Reason,
    VfCounts? Vfs);

/// <summary>The VFs of a PF (B11).</summary>
/// <param name="Total">How many it can have; null when its agent does not say.</param>
/// <param name="Existing">How many it has and offers.</param>
/// <param name="Free">How many of these can be had.</param>
public sealed record VfCounts(int? Total, int Existing, int Free);

/// <summary>What others may read: as it is now, not as it was when a message was sent.</summary>
internal static class Endpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var inventory = routes.MapGroup("/inventory");
        inventory.MapGet("/hosts", Hosts);
        inventory.MapGet("/pools", Pools);
        inventory.MapGet("/devices", Devices);
    }

    private static async Task<IEnumerable<HostLine>> Hosts(
        [FromKeyedServices(InventoryService.Name)] IEventStore store, ILastHeard lastHeard,
        CancellationToken stop)
    {
        var heard = await lastHeard.All(stop);
        var views = await store.LoadViews<HostView>(stop);
        return views.Select(view => new HostLine(
            view.HostId, view.Epoch, view.Online, view.Version,
            heard.TryGetValue(view.HostId, out var at) ? at : null,
            view.Pools.Sum(pool => pool.Total), view.Pools.Sum(pool => pool.Free)));
    }

    private static async Task<IEnumerable<Contracts.Inventory.PoolsChanged>> Pools(
        [FromKeyedServices(InventoryService.Name)] IEventStore store, CancellationToken stop) =>
        (await store.LoadViews<HostView>(stop)).Select(Telling.Pools);

    private static async Task<IResult> Devices(
        string? host, [FromKeyedServices(InventoryService.Name)] IEventStore store, HostStreams hosts,
        CancellationToken stop)
    {
        if (host is not null && await store.LoadView<HostView>(host, stop) is null)
            return Results.Problem(
                $"Host '{host}' is unknown: no agent of it was ever admitted.", statusCode: 404);

        var hostIds = host is not null
            ? [host]
            : (await store.LoadViews<HostView>(stop)).Select(view => view.HostId).ToList();
        var lines = new List<DeviceLine>();
        foreach (var hostId in hostIds)
            lines.AddRange(Lines(hostId, await hosts.Load(hostId, stop)));
        return Results.Ok(lines);
    }

    private static IEnumerable<DeviceLine> Lines(string hostId, HostInventory host)
    {
        var offer = new Offer(host);
        var children = host.Functions.Values.ToLookup(function => function.Device.Parent);
        return host.Functions.Values.Select(function =>
        {
            var (device, claimId) = (function.Device, function.ClaimId);
            var claim = claimId is { } id ? host.Claims.GetValueOrDefault(id) : null;
            return new DeviceLine(
                hostId, device.Address.ToString(), device.VendorId, device.ProductId, device.Type,
                device.Parent?.ToString(), device.VfIndex, device.NumaNode, device.Tags,
                State(function, offer), claimId, claim?.BootId, claim?.VmId, device.IommuGroup,
                function.Loss ?? offer.WhyNot(function), Vfs(device, children, offer));
        });
    }

    private static VfCounts? Vfs(
        PciDevice device, ILookup<PciAddress?, Function> children, Offer offer) =>
        device.Type == DeviceType.Pf
            ? new(
                device.TotalVfs, children[device.Address].Count(vf => !vf.Missing),
                children[device.Address].Count(offer.Has))
            : null;

    private static string State(Function function, Offer offer)
    {
        var state = function.Use switch
        {
            Use.Held => "held",
            Use.Cleaning => "cleaning",
            Use.Quarantined => "quarantined",
            _ => offer.Has(function) ? "free" : "unavailable",
        };
        return function.Missing ? $"{state}-withdrawn" : state;
    }
}
