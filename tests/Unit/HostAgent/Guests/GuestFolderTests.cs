using Platform.HostAgent.Domain;
using Platform.HostAgent.Guests;

namespace Platform.Unit.Tests.HostAgent.Guests;

public sealed class GuestFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("guests-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Guests => Path.Combine(folder, "guests");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    [Trait("feature", "H18")]
    public async Task What_a_guest_has_is_kept_once_until_it_is_taken()
    {
        var guests = new GuestFolder(Guests);
        await guests.Attach(Function("vm-1"), GuestSamples.Macvtap, Stop);
        await guests.Attach(Function("vm-1"), GuestSamples.Passed, Stop);
        await guests.Attach(Function("vm-2"), GuestSamples.Passed, Stop);

        var kept = Assert.Single(Directory.GetFiles(Path.Combine(Guests, "vm-1")));
        Assert.EndsWith("0000:3b:02.1.xml", kept, StringComparison.Ordinal);
        Assert.Contains("type=\"hostdev\"", await File.ReadAllTextAsync(kept, Stop));

        await guests.Detach(Function("vm-1"), Stop);
        Assert.Null(await guests.Detach(Function("vm-1"), Stop));
        Assert.Equal(["vm-2"], Directory.GetDirectories(Guests).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../etc")]
    [InlineData("/etc/passwd")]
    [InlineData(".")]
    public async Task No_guests_name_leads_out_of_the_folder(string vmId)
    {
        var guests = new GuestFolder(Guests);

        await guests.Attach(Function(vmId), GuestSamples.Passed, Stop);

        Assert.Equal(["guests"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
        Assert.Single(Directory.GetFiles(Assert.Single(Directory.GetDirectories(Guests))));
    }

    [Fact]
    public async Task Without_a_folder_nothing_is_kept()
    {
        var guests = new GuestFolder(null);

        Assert.Null(await guests.Attach(Function("vm-1"), GuestSamples.Passed, Stop));
        Assert.Null(await guests.Detach(Function("vm-1"), Stop));
    }

    private static PluggedFunction Function(string vmId) => new(
        GuestSamples.Vf, Guid.Empty, vmId, Guid.Empty, 1, "port", "direct", GuestSamples.Mac, 42);
}
