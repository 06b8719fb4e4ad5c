using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Pci.DeviceSpecs;

/// <summary>
/// One entry of Nova's <c>[pci] device_spec</c>: which functions a host offers, and what it says of them. An
/// entry that names one PF, by its address or as a <c>devname</c>, offers the PF and all its VFs (A10).
/// </summary>
public sealed class DeviceSpec
{
    private readonly string? vendorId;
    private readonly string? productId;
    private readonly string? devname;
    private readonly AddressPattern? address;
    private readonly bool namesPf;
    private readonly bool remoteManaged;

    // A regex that was out of time once is not tried on the next device.
    private SpecRefusal? tookTooLong;

    internal DeviceSpec(SpecEntry entry, HostFacts facts)
    {
        vendorId = entry.Has("device_id") && !entry.Has("vendor_id")
            ? entry.TakeId("device_id", blanksAroundAny: true)
            : entry.TakeId("vendor_id", blanksAroundAny: true);
        productId = entry.TakeId("product_id", blanksAroundAny: false);
        (address, devname) = SpecAddress.Take(entry);
        namesPf = address?.Single is { } single && facts.PhysicalFunctions.ContainsKey(single);
        Selection = SpecSelection.Take(entry);
        Tags = SpecTags.Read(entry);
        remoteManaged = TruthText.IsTrue(entry.Rest.GetValueOrDefault(DeviceTags.RemoteManaged));
        if (remoteManaged)
            RefuseWhereRemoteManagedCannotBe(entry, facts);
    }

    /// <summary>Every key but those that select (A11), <c>physical_network</c> among them (A12): null for
    /// tunnelled networks (AX4).</summary>
    public DeviceTags Tags { get; }

    internal SpecSelection Selection { get; }

    /// <summary>Whether it is about the device, whatever the type. A <c>devname</c> is looked up each time.
    /// </summary>
    /// <param name="refusal">Why the device's address, or its PF's, is none: the device cannot be offered.
    /// </param>
    internal bool Matches(DeviceAddresses device, HostFacts facts, out SpecRefusal? refusal)
    {
        refusal = tookTooLong;
        if (refusal is not null)
            return false;
        var (pattern, pf) = Resolve(facts);
        return pattern is not null && Selection.Matches(device.Reported)
            && MatchesAddress(pattern, pf, device, ref refusal)
            && (vendorId is null || vendorId == device.Reported.VendorId)
            && (productId is null || productId == device.Reported.ProductId)
            && !(remoteManaged && string.IsNullOrEmpty(device.Reported.CardSerialNumber));
    }

    private bool MatchesAddress(
        AddressPattern pattern, bool namesPf, DeviceAddresses device, ref SpecRefusal? refusal)
    {
        if (namesPf && device.HasParent)
        {
            if (device.Parent(out refusal) is not { } parent)
                return false;
            if (Matches(pattern, parent, ref refusal))
                return true;
        }

        return refusal is null && device.Own(out refusal) is { } own && Matches(pattern, own, ref refusal);
    }

    // A regex out of time is a refusal: neither match nor no match.
    private bool Matches(AddressPattern pattern, PciAddress address, ref SpecRefusal? refusal)
    {
        try
        {
            return pattern.Matches(address);
        }
        catch (RegexMatchTimeoutException timeout)
        {
            refusal = tookTooLong = new(
                SpecRefusalKind.WrongAddressFormat, 0, "address", address.ToString(),
                $"the regex {timeout.Pattern} took too long on it");
            return false;
        }
    }

    private (AddressPattern? Pattern, bool NamesPf) Resolve(HostFacts facts)
    {
        if (devname is null)
            return (address, namesPf);
        return facts.Netdevs.TryGetValue(devname, out var function)
            ? (GlobAddress.Of(function), facts.PhysicalFunctions.ContainsKey(function))
            : (null, false);
    }

    private void RefuseWhereRemoteManagedCannotBe(SpecEntry entry, HostFacts facts)
    {
        var (pattern, pf) = Resolve(facts);
        if (pattern is null)
            throw entry.Refuse(
                SpecRefusalKind.RemoteManagedAbsent, "devname", devname!,
                "name a network device that is there, or leave remote_managed out");
        if (!pf)
            return;

        var named = pattern.Single!.Value;
        if (facts.PhysicalFunctions[named] is not
            { VendorId: { } vendor, ProductId: { } product, VfProductId: { } vf })
            throw entry.Refuse(
                SpecRefusalKind.DeviceNotFound, "remote_managed", named.ToString(),
                "the host must say the ids of this PF and of its VFs");
        var vendorFits = vendorId is null || vendorId == vendor;
        if (productId == vf && vendorFits)
            return;
        throw vendorFits && (productId is null || productId == product)
            ? entry.Refuse(
                SpecRefusalKind.PfRemoteManaged, "remote_managed", named.ToString(),
                $"a PF cannot be remote_managed; write \"product_id\": \"{vf}\" for its VFs")
            : entry.Refuse(
                SpecRefusalKind.Invalid, "product_id", $"{vendorId ?? "*"}:{productId ?? "*"}",
                $"the VFs of {named} are {vendor}:{vf}");
    }
}
