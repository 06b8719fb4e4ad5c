using Platform.HostAgent.Domain;
using Platform.HostAgent.Domain.Guests;
using Platform.HostAgent.Guests;
using Platform.Pci;
using Platform.Support;
using Platform.Unit.Tests.HostAgent.Guests;

namespace Platform.Integration.Tests.HostAgent;

/// <summary>A real libvirt, as far as it goes without hardware: no function is there to be given.</summary>
public sealed class LibvirtGuestsTests
{
    private static readonly PluggedFunction Function = new(
        GuestSamples.Vf, Guid.NewGuid(), "vm-1", Guid.NewGuid(), 1, "port", "direct", GuestSamples.Mac, 42);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("feature", "H14"), Trait("feature", "H1"), Trait("feature", "H20"), Trait("feature", "H26")]
    public async Task Every_device_is_kept_for_the_next_start_and_taken_again()
    {
        await using var libvirt = await Start();
        var guests = Guests(libvirt);
        await libvirt.Define("vm-1", Stop);

        foreach (var device in GuestSamples.Devices.Except([GuestSamples.Escaped, GuestSamples.Nameless]))
        {
            await Attach(libvirt, device);
            if (Plugged(device) is not { } function)
                continue;

            Assert.NotNull((await Guest(libvirt)).Find(function));
            Assert.Null(await guests.Detach(function, Stop));
            Assert.Null((await Guest(libvirt)).Find(function));
            Assert.Null(await guests.Detach(function, Stop));
        }
    }

    [Fact]
    [Trait("feature", "H6")]
    public async Task A_port_profile_that_is_empty_or_that_libvirt_forgets_to_escape_is_told()
    {
        await using var libvirt = await Start();
        await libvirt.Define("vm-1", Stop);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Attach(libvirt, GuestSamples.Nameless));
        Assert.Contains("missing profileid", refused.Message, StringComparison.Ordinal);

        await Attach(libvirt, GuestSamples.Escaped);
        var refusal = await Guests(libvirt).Detach(Function, Stop);
        Assert.Contains("tells of guest vm-1 is no XML", refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("feature", "H15")]
    public async Task A_stopped_guest_an_absent_one_and_one_of_that_number_are_refused_clearly()
    {
        await using var libvirt = await Start();
        var guests = Guests(libvirt);
        await libvirt.Define("vm-1", Stop);

        var stopped = await guests.Attach(Function, GuestSamples.Passed, Stop);
        Assert.Contains("does not run: start it first", stopped!.Reason, StringComparison.Ordinal);
        var absent = await guests.Attach(Function with { VmId = "vm-2" }, GuestSamples.Passed, Stop);
        Assert.Contains("has no guest vm-2", absent!.Reason, StringComparison.Ordinal);
        Assert.Null(await guests.Detach(Function with { VmId = "vm-2" }, Stop));

        await libvirt.Virsh(["start", "vm-1"], "", Stop);
        var other = await guests.Attach(Function with { VmId = "1" }, GuestSamples.Passed, Stop);
        Assert.Contains("has no guest 1", other!.Reason, StringComparison.Ordinal);
        Assert.Null((await Guest(libvirt)).Find(Function));
    }

    [Fact]
    [Trait("feature", "H14"), Trait("feature", "H16")]
    public async Task What_a_running_guest_cannot_be_given_is_not_kept_for_its_next_start_either()
    {
        await using var libvirt = await Start();
        await libvirt.Define("vm-1", Stop);
        await libvirt.Virsh(["start", "vm-1"], "", Stop);

        var refusal = await Guests(libvirt).Attach(Function, GuestSamples.Passed, Stop);

        Assert.Contains(
            $"did not give {Function.Address} to guest vm-1: ", refusal!.Reason, StringComparison.Ordinal);
        Assert.Null((await Guest(libvirt)).Find(Function));
    }

    [Fact]
    [Trait("feature", "H14")]
    public async Task A_libvirt_that_is_away_is_told_and_nothing_is_said_to_be_taken()
    {
        await using var libvirt = await Start();
        var guests = new LibvirtGuests(new Virsh($"{libvirt.Uri}-away"), TimeProvider.System);

        var refusal = await guests.Detach(Function, Stop);

        Assert.Contains("does not tell of guest vm-1", refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("feature", "H18"), Trait("feature", "I3"), Trait("feature", "I8")]
    public async Task A_pool_of_a_PF_can_be_defined()
    {
        await using var libvirt = await Start();
        var network = GuestSamples.Networks[0];

        await libvirt.Virsh(["net-define", "/dev/stdin"], network.Write().ToString(), Stop);

        Assert.Contains(
            $"<pf dev='{network.PfNetdev}'/>",
            await libvirt.Virsh(["net-dumpxml", network.Name], "", Stop), StringComparison.Ordinal);
    }

    private static Task<PrivateLibvirt> Start()
    {
        Assert.SkipWhen(PrivateLibvirt.Missing is not null, PrivateLibvirt.Missing ?? "");
        return PrivateLibvirt.StartAsync(Stop);
    }

    private static LibvirtGuests Guests(PrivateLibvirt libvirt) =>
        new(new Virsh(libvirt.Uri), TimeProvider.System);

    private static Task<string> Attach(PrivateLibvirt libvirt, GuestDevice device) => libvirt.Virsh(
        ["attach-device", "vm-1", "/dev/stdin", "--config"], GuestXml.Text(device), Stop);

    private static PluggedFunction? Plugged(GuestDevice device) => device switch
    {
        PassedInterface vf => Function with { Address = vf.Address },
        PassedFunction function => Function with { Address = function.Address, VnicType = null },
        MacvtapInterface macvtap => Function with { VnicType = "macvtap", MacAddress = macvtap.MacAddress },
        _ => null,
    };

    private static async Task<GuestDomain> Guest(PrivateLibvirt libvirt) => new(
        System.Xml.Linq.XElement.Parse(await libvirt.Virsh(["dumpxml", "vm-1", "--inactive"], "", Stop)));
}
