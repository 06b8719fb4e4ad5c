using System.Diagnostics;
using Platform.HostAgent.Domain;
using Platform.HostAgent.Guests;

namespace Platform.Unit.Tests.HostAgent.Guests;

/// <summary>What is asked of virsh, and what its answers mean. A script speaks for it.</summary>
[Trait("feature", "H14")]
public sealed class VirshTests : IDisposable
{
    private const string Device =
        "<hostdev type='pci'><source><address bus='59' slot='2' function='1'/></source></hostdev>";

    // Tells what is in its folder, writes down what it is told, and lets go of what it is told to.
    private const string Script = """
        #!/bin/sh
        cd "$(dirname "$0")" || exit 1
        echo "$*" >>said
        case "$4 $*" in
        dumpxml*--inactive) cat later ;;
        dumpxml*) cat now ;;
        dominfo*) cat info ;;
        detach*--live) sed -i '/hostdev/d' now ;;
        *) cat >given; if [ -e error ]; then cat error >&2; exit 1; fi ;;
        esac
        """;

    private static readonly PluggedFunction Function = new(
        GuestSamples.Vf, Guid.Empty, "vm-1", Guid.Empty, 1, "port", "direct", GuestSamples.Mac, 42);

    private readonly string folder = Directory.CreateTempSubdirectory("virsh-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", "", "yes", "attach-device uuid-1 /dev/stdin --live --config")]
    [InlineData("", "", "no", "attach-device uuid-1 /dev/stdin --live")]
    [InlineData(Device, "", "yes", "attach-device uuid-1 /dev/stdin --config")]
    [InlineData("", Device, "yes", "attach-device uuid-1 /dev/stdin --live")]
    [InlineData(Device, Device, "yes", null)]
    public async Task A_running_guest_gets_a_device_now_and_for_its_next_start_and_never_twice(
        string now, string later, string persistent, string? asked)
    {
        var guests = Guest(now, later, persistent);

        Assert.Null(await guests.Attach(Function, GuestSamples.Passed, Stop));

        Assert.Equal(asked, Told("attach").SingleOrDefault());
        Assert.Equal(asked is not null, File.Exists(Path.Combine(folder, "given")));
    }

    [Theory]
    [InlineData(
        Device, Device, "yes", "detach-device uuid-1 /dev/stdin --config",
        "detach-device uuid-1 /dev/stdin --live")]
    [InlineData(Device, Device, "no", "detach-device uuid-1 /dev/stdin --live")]
    [InlineData("", Device, "yes", "detach-device uuid-1 /dev/stdin --config")]
    [InlineData("", "", "yes")]
    public async Task A_device_is_taken_from_where_it_is(
        string now, string later, string persistent, params string[] asked)
    {
        var guests = Guest(now, later, persistent);

        Assert.Null(await guests.Detach(Function, Stop));

        Assert.Equal(asked, Told("detach"));
    }

    [Fact]
    public async Task A_device_that_a_running_guest_does_not_let_go_is_not_taken()
    {
        var guests = Guest(Device, Device, "yes", Script.Replace("sed -i '/hostdev/d' now", "true"));

        var refusal = await guests.Detach(Function, Stop);

        Assert.Equal("EBUSY", refusal?.Error);
        Assert.Contains("did not let 0000:3b:02.1 go in 1 s", refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_libvirt_says_is_passed_on_in_one_line()
    {
        var guests = Guest("", "", "yes");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "error"), "error: Failed to attach device\nerror: no VFIO here\n", Stop);

        var refusal = await guests.Attach(Function, GuestSamples.Passed, Stop);

        Assert.EndsWith(
            "did not give 0000:3b:02.1 to guest vm-1: Failed to attach device no VFIO here", refusal!.Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virsh_that_hangs_is_given_up()
    {
        var virsh = new Virsh("test:///default", Program("#!/bin/sh\nsleep 600\n"))
        {
            Limit = TimeSpan.FromMilliseconds(300),
        };

        var answer = await virsh.Run(["list"], "", Stop);

        Assert.Contains("did not answer in 0.3 s", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virsh_that_is_not_there_is_told()
    {
        var answer = await new Virsh("test:///default", Path.Combine(folder, "none")).Run(["list"], "", Stop);

        Assert.Contains("install libvirt-clients", answer.Error, StringComparison.Ordinal);
    }

    private LibvirtGuests Guest(string now, string later, string persistent, string script = Script)
    {
        const string names = "<name>vm-1</name><uuid>uuid-1</uuid>";
        Write("now", $"<domain id='7'>{names}<devices>\n{now}\n</devices></domain>");
        Write("later", $"<domain>{names}<devices>{later}</devices></domain>");
        Write("info", $"Name:           vm-1\nPersistent:     {persistent}\n");
        return new(new Virsh("test:///default", Program(script)), TimeProvider.System)
        {
            LetGoLimit = TimeSpan.FromSeconds(1),
        };
    }

    // Without what is the same in all: the URI, and to be quiet.
    private IEnumerable<string> Told(string command) => File.ReadAllLines(Path.Combine(folder, "said"))
        .Select(line => string.Join(' ', line.Split(' ').Skip(3)))
        .Where(told => told.StartsWith(command, StringComparison.Ordinal));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    private string Program(string script)
    {
        Write("script", script.ReplaceLineEndings("\n"));
        var program = Path.Combine(folder, "virsh");
        // Nothing can be run that is open for writing, and a file of ours may be, in a child being started.
        using var copy = Process.Start("install", ["-m", "755", Path.Combine(folder, "script"), program]);
        copy.WaitForExit();
        return program;
    }
}
