using System.Text.Json;
using Platform.Contracts.Inventory;
using Platform.Contracts.NetworkBinding;

namespace Platform.AllInOne.Demonstration;

/// <summary>What the demonstration prints.</summary>
internal sealed class DemoReport(TextWriter output)
{
    private static readonly JsonSerializerOptions Compact = new() { WriteIndented = false };

    public void Title(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
        output.WriteLine(new string('-', text.Length));
    }

    public void Pools(IReadOnlyList<PoolsChanged> hosts)
    {
        foreach (var host in hosts.OrderBy(host => host.HostId, StringComparer.Ordinal))
            foreach (var pool in host.Pools.Where(pool => pool.DeviceType == "type-VF"))
                output.WriteLine(
                    $"  {host.HostId}  {pool.Tags["physical_network"]}  {pool.VendorId}:{pool.ProductId}"
                    + $"  NUMA {pool.NumaNode}  {pool.Free} of {pool.Total} VFs free");
    }

    public void Holders(IEnumerable<BootShown> boots)
    {
        foreach (var boot in boots)
        {
            if (boot.Bindings.Count == 0)
            {
                output.WriteLine($"  {boot.VmId}  {boot.State.ToLowerInvariant()}");
                continue;
            }

            foreach (var binding in boot.Bindings)
            {
                output.WriteLine(
                    $"  {boot.VmId}  {boot.HostId}  {binding.Profile!.PciSlot}  {binding.MacAddress}"
                    + $"  vlan {binding.VifDetails["vlan"]}  {binding.VifType}");
                output.WriteLine($"        binding:profile {Json(binding.Profile)}");
            }
        }
    }

    public void Failure(BootShown boot)
    {
        output.WriteLine($"  {boot.VmId}: {boot.Failure!.Reason}");
        foreach (var refusal in boot.Failure.Nearest ?? [])
            output.WriteLine($"    {refusal.HostId}  {refusal.Code}: {refusal.Reason}");
        output.WriteLine("  Step by step:");
        foreach (var moment in boot.Timeline)
        {
            var after = (moment.At - boot.Timeline[0].At).TotalMilliseconds;
            output.WriteLine($"    +{after,4:0} ms  {moment.Step,-8} {moment.Text}");
        }
    }

    /// <returns>Whether what the virtual machines hold is what the pools lack.</returns>
    public bool Balance(IReadOnlyList<BootShown> running, IReadOnlyList<PoolsChanged> hosts)
    {
        var held = running.Sum(boot => boot.Bindings.Count);
        var pools = hosts.SelectMany(host => host.Pools).Where(pool => pool.DeviceType == "type-VF");
        var missing = pools.Sum(pool => pool.Total - pool.Free);
        output.WriteLine();
        output.WriteLine(
            $"{running.Count} virtual machines hold {held} VFs, and the pools lack {missing}: "
            + (held == missing ? "nothing leaked." : "SOMETHING IS WRONG."));
        return held == missing;
    }

    private static string Json(BindingProfile profile) => JsonSerializer.Serialize(profile, Compact);
}
