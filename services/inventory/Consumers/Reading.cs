using Platform.Contracts.HostAgent;
using Platform.Contracts.Inventory;
using Platform.Inventory.Domain;
using Platform.Pci;
using Platform.Pci.Requests;

namespace Platform.Inventory.Consumers;

/// <summary>
/// The contracts' words in those of the domain. Whatever a sender left out or misspelt is read, too.
/// </summary>
internal static class Reading
{
    public static ClaimOrder Order(ClaimDevices message)
    {
        var problems = new List<string>();
        // Left out is not none: it is read as a request for nothing in particular, which is refused.
        var requests = (message.Requests ?? [null!]).Select(request => Request(request, problems)).ToList();
        var groups = (message.Groups ?? []).Select(group => Group(group, problems)).ToList();
        return new(
            message.ClaimId,
            message.BootId,
            message.VmId ?? "",
            new(requests, groups, message.GuestNumaCells),
            TimeSpan.FromSeconds(message.LeaseSeconds),
            message.NotAfter,
            problems.FirstOrDefault());
    }

    /// <summary>The devices that make sense, each address once; the others are named as problems.</summary>
    public static IReadOnlyList<PciDevice> Devices(
        IEnumerable<Device?>? devices, ICollection<string> problems)
    {
        var read = new Dictionary<PciAddress, PciDevice>();
        foreach (var device in devices ?? [])
        {
            if (Device(device, out var problem) is not { } pci)
                problems.Add(problem!);
            else if (!read.TryAdd(pci.Address, pci))
                problems.Add($"{pci.Address} is reported twice: the first is taken.");
        }

        return [.. read.Values];
    }

    /// <summary>The cells that make sense; an agent that does not say has none.</summary>
    public static IReadOnlyList<Pci.NumaCell> Cells(IEnumerable<Contracts.HostAgent.NumaCell?>? cells) =>
    [
        .. from cell in cells ?? []
           where cell is { Id: >= 0 }
           select new Pci.NumaCell(cell.Id, cell.Socket),
    ];

    /// <summary>Null, with the problem, for a device that cannot be one.</summary>
    private static PciDevice? Device(Device? device, out string? problem)
    {
        problem = device is null ? "A device is null." : null;
        if (device is null || !PciAddress.TryParse(device.Address, out var address, out problem))
            return null;

        PciAddress? parent = null;
        if (device.ParentAddress is not null)
        {
            if (!PciAddress.TryParse(device.ParentAddress, out var pf, out problem))
                return null;
            parent = pf;
        }

        if (!DeviceType.IsKnown(device.DeviceType))
            problem = $"{address} is of type '{device.DeviceType}': say type-PCI, type-PF or type-VF.";
        else if (string.IsNullOrEmpty(device.VendorId) || string.IsNullOrEmpty(device.ProductId))
            problem = $"{address} has no vendor or product id.";
        return problem is not null ? null : new(
            address, device.VendorId, device.ProductId, device.DeviceType, parent, device.VfIndex,
            device.NumaNode, device.PfMacAddress, device.CardSerialNumber,
            new DeviceTags(device.Tags ?? DeviceTags.None), device.TotalVfs, device.NumVfs,
            device.IommuGroup, device.IommuPeers);
    }

    /// <summary>Those of the texts that are addresses; the others can be nobody's.</summary>
    public static IReadOnlyList<PciAddress> Addresses(IEnumerable<string?>? texts) =>
    [
        .. from text in texts ?? []
           let address = PciAddress.TryParse(text, out var read, out _) ? read : (PciAddress?)null
           where address is not null
           select address.Value,
    ];

    // An alternative that is null is none. As an empty one it would be met by everything.
    private static PciRequest Request(Contracts.Inventory.DeviceRequest? request, List<string> problems)
    {
        PciAddress? pin = null;
        if (request?.Pin is { } text)
        {
            if (PciAddress.TryParse(text, out var address, out var problem))
                pin = address;
            else
                problems.Add($"Request {request.RequestId} is pinned: {problem}");
        }

        return new(
            request?.RequestId ?? Guid.Empty,
            request?.Count ?? 0,
            [.. (request?.Spec ?? []).Where(alternative => alternative is not null)],
            Policy(request, problems),
            pin);
    }

    private static NumaPolicy? Policy(Contracts.Inventory.DeviceRequest? request, List<string> problems)
    {
        try
        {
            return NumaPolicyText.Read("numaPolicy", request?.NumaPolicy);
        }
        catch (RequestRefusedException e)
        {
            problems.Add(e.Message);
            return null;
        }
    }

    private static FunctionGroup Group(DeviceGroup? group, List<string> problems)
    {
        if (!GroupText.TryRead(group?.Policy, group?.By, out var grouping, out var by, out var problem))
            problems.Add(problem);
        return new(grouping, by, group?.RequestIds ?? []);
    }
}
