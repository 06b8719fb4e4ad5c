"""What Nova does for the same: PciPassthroughFilter over all hosts, and support + consume on one.

Prints one JSON object: seconds a pass over the fleet, and seconds a support and consume on one host's devices.
Needs python3-nova (Debian package); arguments: hosts, VFs of a PF, rounds.
"""
import json
import sys
import time

from nova import conf
from nova import objects
from nova.objects import fields
from nova.pci import stats

HOSTS, VFS, ROUNDS = (int(argument) for argument in sys.argv[1:4])
NETWORKS = [f"physnet{number}" for number in range(8)]

conf.CONF([], project="nova")
objects.register_all()


def tags(network, device_type):
    return {"physical_network": network, "dev_type": device_type, "parent_ifname": "eth0",
            "remote_managed": "false"}


def pools_of(host):
    """Two PFs, each on a network and a NUMA node of its own, as the bench's hosts."""
    return objects.PciDevicePoolList(objects=[
        objects.PciDevicePool(
            vendor_id="8086", product_id="154c", numa_node=port,
            tags=tags(NETWORKS[(host + port) % len(NETWORKS)], "type-VF"), count=VFS)
        for port in (0, 1)])


def device(index):
    slot, function = divmod(index, 8)
    vf = objects.PciDevice(
        compute_node_id=1, address=f"0000:3b:{slot:02x}.{function}", vendor_id="8086", product_id="154c",
        numa_node=0, dev_type=fields.PciDeviceType.SRIOV_VF, status=fields.PciDeviceStatus.AVAILABLE,
        parent_addr="0000:3b:1f.7", extra_info={}, uuid=f"00000000-0000-0000-0000-{index:012d}")
    vf.parent_device = None
    return vf


def request():
    return objects.InstancePCIRequest(
        count=1, spec=[{"dev_type": "type-VF", "physical_network": "physnet3"}], alias_name=None)


def best(rounds, run):
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    return min(took)


fleet = [stats.PciDeviceStats(objects.NUMATopology(cells=[]), stats=pools_of(host)) for host in range(HOSTS)]
asked = [request()]
a_pass = best(ROUNDS, lambda: [host.support_requests(asked) for host in fleet])

conf.CONF.set_override(
    "device_spec", ['{"vendor_id":"8086","product_id":"154c","physical_network":"physnet3"}'], "pci")
with_devices = stats.PciDeviceStats(objects.NUMATopology(cells=[]))
for index in range(VFS):
    with_devices.add_device(device(index))


def support_and_consume():
    assert with_devices.support_requests(asked)
    taken = with_devices.consume_requests(asked)
    for one in taken:
        with_devices.add_device(one)


support_and_consume()
one_host = best(ROUNDS * 20, support_and_consume)
print(json.dumps({"filter": a_pass, "supportAndConsume": one_host}))
