using System.Xml;
using System.Xml.Linq;
using Platform.HostAgent.Devices;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Guests;

namespace Platform.HostAgent.Guests;

/// <summary>
/// Running guests of a libvirt: a device comes and goes at once, and stays so over restarts of the guest
/// (H14). libvirt takes the same device twice into a guest's configuration, so it is looked for first.
/// </summary>
public sealed class LibvirtGuests(Virsh virsh, TimeProvider time) : IGuests
{
    private static readonly TimeSpan LetGoLook = TimeSpan.FromMilliseconds(500);

    /// <summary>The guest's own system has to let a device go; libvirt does not wait for it.</summary>
    public TimeSpan LetGoLimit { get; init; } = TimeSpan.FromSeconds(20);

    public async Task<Refusal?> Attach(PluggedFunction function, GuestDevice device, CancellationToken stop)
    {
        var (guest, refusal) = await Read(function.VmId, stop);
        if (refusal is not null)
            return refusal;
        if (guest is null)
            return new("ENOENT",
                $"libvirt at {virsh.Uri} has no guest {function.VmId}: define and start it first.");
        if (!guest.Now.IsRunning)
            return new("EINVAL",
                $"Guest {function.VmId} of libvirt at {virsh.Uri} does not run: start it first (H15).");

        string[] scopes =
        [
            .. guest.Now.Find(function) is null ? ["--live"] : Array.Empty<string>(),
            .. guest.Later is { } later && later.Find(function) is null
                ? ["--config"] : Array.Empty<string>(),
        ];
        if (scopes.Length == 0)
            return null;
        var answer = await virsh.Run(
            ["attach-device", guest.Now.Uuid, "/dev/stdin", .. scopes], GuestXml.Text(device), stop);
        return answer.Succeeded ? null : Failed("give", function, answer);
    }

    /// <summary>A guest that is stopped loses the device from its configuration.</summary>
    public async Task<Refusal?> Detach(PluggedFunction function, CancellationToken stop)
    {
        var (guest, refusal) = await Read(function.VmId, stop);
        if (guest is null)
            return refusal;
        // Each as libvirt has it: what it knows of a running device is more than what was attached.
        if (guest.Later?.Find(function) is { } later
            && await Detach(guest, function, later, "--config", stop) is { } notLater)
            return notLater;
        if (!guest.Now.IsRunning || guest.Now.Find(function) is not { } now)
            return null;
        return await Detach(guest, function, now, "--live", stop) ?? await LetGo(function, stop);
    }

    private async Task<Refusal?> Detach(
        Guest guest, PluggedFunction function, XElement device, string scope, CancellationToken stop)
    {
        var answer = await virsh.Run(
            ["detach-device", guest.Now.Uuid, "/dev/stdin", scope], device.ToString(), stop);
        return answer.Succeeded ? null : Failed("take", function, answer);
    }

    private async Task<Refusal?> LetGo(PluggedFunction function, CancellationToken stop)
    {
        var asked = time.GetTimestamp();
        while (true)
        {
            var (guest, refusal) = await Read(function.VmId, stop);
            if (refusal is not null || guest is null || guest.Now.Find(function) is null)
                return refusal;
            if (time.GetElapsedTime(asked) > LetGoLimit)
                return new("EBUSY",
                    $"Guest {function.VmId} did not let {function.Address} go in "
                    + $"{LetGoLimit.TotalSeconds} s: its system has to; stop it, or try again.");
            await Task.Delay(LetGoLook, time, stop);
        }
    }

    // Neither: libvirt does not know the guest.
    private async Task<(Guest? Guest, Refusal? Refusal)> Read(string vmId, CancellationToken stop)
    {
        var now = await virsh.Run(["dumpxml", $"--domain={vmId}"], "", stop);
        if (now.IsUnknownGuest)
            return default;
        if (!now.Succeeded)
            return (null, Silent(vmId, now));
        if (Parse(now.Output) is not { } running)
            return (null, Broken(vmId));
        // libvirt takes a number for that of a running guest, before it looks for a name.
        if (!running.Is(vmId))
            return default;

        var info = await virsh.Run(["dominfo", running.Uuid], "", stop);
        var later = await virsh.Run(["dumpxml", running.Uuid, "--inactive"], "", stop);
        if (info.IsUnknownGuest || later.IsUnknownGuest)
            return default;
        if (!info.Succeeded || !later.Succeeded)
            return (null, Silent(vmId, info.Succeeded ? later : info));
        if (!IsKept(info))
            return (new(running, null), null);
        return Parse(later.Output) is { } kept ? (new(running, kept), null) : (null, Broken(vmId));
    }

    // libvirt 9.0 does not escape what it writes of a port profile.
    private static GuestDomain? Parse(string xml)
    {
        try
        {
            return new(XElement.Parse(xml));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static bool IsKept(VirshAnswer info) => !info.Output.Split('\n')
        .Any(line => line.StartsWith("Persistent:", StringComparison.Ordinal)
            && line.TrimEnd().EndsWith("no", StringComparison.Ordinal));

    private Refusal Broken(string vmId) => new(
        "EINVAL",
        $"What libvirt at {virsh.Uri} tells of guest {vmId} is no XML: take a port profile with any of &<>\" "
            + "out of it.");

    private Refusal Silent(string vmId, VirshAnswer answer) =>
        new("EIO", $"libvirt at {virsh.Uri} does not tell of guest {vmId}: {answer.Error}");

    private Refusal Failed(string what, PluggedFunction function, VirshAnswer answer) => new(
        "EIO",
        $"libvirt at {virsh.Uri} did not {what} {function.Address} {(what == "give" ? "to" : "from")} guest "
        + $"{function.VmId}: {answer.Error}");

    /// <param name="Later">As it will be started again; null for a guest that libvirt forgets when it
    /// stops.</param>
    private sealed record Guest(GuestDomain Now, GuestDomain? Later);
}
