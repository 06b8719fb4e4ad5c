using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using Platform.Conformance.Tests.Kinds;
using Platform.HostAgent.Domain.Guests;
using Platform.Unit.Tests.HostAgent.Guests;

namespace Platform.Conformance.Tests;

/// <summary>What is written for guests is valid by libvirt's own schemas.</summary>
public class GuestSchemaTests
{
    private const string Program = "/usr/bin/virt-xml-validate";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("feature", "H1"), Trait("feature", "H6"), Trait("feature", "H20"), Trait("feature", "H22")]
    [Trait("feature", "H26"), Trait("feature", "I4"), Trait("feature", "H9"), Trait("feature", "H18")]
    public async Task Every_device_is_valid_in_a_domain()
    {
        var recorded = Recording.Lines(Path.Combine(RecordedAnswersTests.Folder, "vif.jsonl.gz"))
            .Where(line => Recording.KindOf(line) == "vif").Select(Written).OfType<XElement>().ToList();
        Assert.True(recorded.Count > 150);

        var samples = GuestSamples.Devices.Select(GuestXml.Write);
        Assert.Equal("", await Invalid("domain", Domain([.. recorded, .. samples])));
    }

    [Fact]
    public async Task The_schema_sees_a_wrong_device() => Assert.Contains(
        "fails to validate",
        await Invalid("domain", Domain(
            [new("hostdev", new XAttribute("mode", "subsystem"), new XElement("mac"))])),
        StringComparison.Ordinal);

    [Fact]
    [Trait("feature", "H18"), Trait("feature", "I3"), Trait("feature", "I9")]
    public async Task Every_pool_is_a_valid_network()
    {
        foreach (var network in GuestSamples.Networks)
            Assert.Equal("", await Invalid("network", network.Write()));
    }

    private static XElement? Written(JsonElement line)
    {
        try
        {
            return VifKind.Write(line);
        }
        catch (GuestRefusedException)
        {
            return null;
        }
    }

    private static XElement Domain(IEnumerable<XElement> devices) => new(
        "domain",
        new XAttribute("type", "kvm"),
        new XElement("name", "guest"),
        new XElement("memory", 1024),
        new XElement("os", new XElement("type", "hvm")),
        new XElement("devices", devices));

    private static async Task<string> Invalid(string schema, XElement document)
    {
        Assert.SkipUnless(
            File.Exists(Program) && File.Exists("/usr/bin/xmllint"),
            $"{Program} is not installed: install Debian's libvirt-clients and libxml2-utils.");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, document.ToString(), Stop);
            using var process = Process.Start(new ProcessStartInfo(Program, [file, schema])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync(Stop);
            await process.StandardOutput.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop);
            return process.ExitCode == 0 ? "" : await errors;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
