#!/usr/bin/env bash
# Boots a Debian kernel with emulated SR-IOV cards and runs one command in it as root. Needs neither root nor KVM:
# packages are unpacked below a cache folder, nothing is installed, and QEMU emulates the processor.
#
#   run.sh [options] [--] COMMAND [ARG...]     without a command: only makes the images
#
#   --share DIR       writable in the guest at /mnt/share, where the command starts
#   --ro NAME=DIR     readable in the guest at /mnt/NAME; any number of times
#   --limit SECONDS   of boot and command together                        [600]
#   --suite NAME      Debian release of the kernel and the programs       [trixie]
#   --topology NAME   numa: three PFs, on NUMA node 0, 1 and none         [numa]
#                     flat: two PFs, and one NUMA node
#   --nvme            with an NVMe controller that can have 4 VFs
#   --no-iommu        without an IOMMU
#   --keep DIR        puts the kernel's log and the console there
#
# Ends with the command's exit code; 124 at the limit; 125 when the guest ended without one; 126 when the images
# cannot be made. PLATFORM_KERNEL_CACHE names the cache folder, PLATFORM_KERNEL_ARCHIVE the Debian archive.
set -euo pipefail
readonly here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly cache=${PLATFORM_KERNEL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/platform-kernel}
readonly memory=1024 processors=2
readonly nvme_vfs=sriov_max_vfs=4,sriov_vq_flexible=8,sriov_vi_flexible=8

suite=trixie topology=numa limit=600 share='' keep='' nvme=false iommu=true
declare -A readable=()

say() { printf 'vm: %s\n' "$*" >&2; }
fail() { say "$@"; exit 126; }

while [ $# -gt 0 ]; do
  case $1 in
    --share) share=$(realpath "$2"); shift 2 ;;
    --ro) readable[${2%%=*}]=$(realpath "${2#*=}"); shift 2 ;;
    --limit) limit=$2; shift 2 ;;
    --suite) suite=$2; shift 2 ;;
    --topology) topology=$2; shift 2 ;;
    --nvme) nvme=true; shift ;;
    --no-iommu) iommu=false; shift ;;
    --keep) keep=$2; shift 2 ;;
    --) shift; break ;;
    -*) fail "there is no option $1" ;;
    *) break ;;
  esac
done

# shellcheck source=images.sh
source "$here/images.sh"

port() { # name, bus, number: an SR-IOV port below a root port of that bus; all ports are on one cable
  devices+=(
    -device "pcie-root-port,id=root$1,bus=$2,chassis=$3,slot=$3"
    -netdev "hubport,id=net$1,hubid=1" -device "igb,romfile=,bus=root$1,netdev=net$1,mac=52:54:00:00:0$3:00")
}

numa_node() { # number, bus number: half of memory and processors, and a host bridge that says it is near them
  local half=$((processors / 2))
  devices+=(
    -object "memory-backend-ram,id=memory$1,size=$((memory / 2))M"
    -numa "node,nodeid=$1,memdev=memory$1,cpus=$(($1 * half))-$(($1 * half + half - 1))"
    -device "pxb-pcie,id=near$1,bus_nr=$2,bus=pcie.0,numa_node=$1")
}

add_devices() {
  if $iommu; then devices+=(-device intel-iommu,intremap=on); fi
  case $topology in
    flat) port a pcie.0 1; port b pcie.0 2 ;;
    numa) numa_node 0 32; numa_node 1 64; port a near0 1; port b near1 2; port c pcie.0 3 ;;
    *) fail "there is no topology $topology" ;;
  esac
  if $nvme; then
    devices+=(-device pcie-root-port,id=rootn,bus=pcie.0,chassis=9,slot=9 -device nvme-subsys,id=s0,nqn=s0
      -device nvme,serial=platform,subsys=s0,bus=rootn,max_ioqpairs=16,msix_qsize=17,"$nvme_vfs")
  fi
}

folder() { # name, path, options: shared with the guest
  devices+=(
    -fsdev "local,id=$1,path=$2,security_model=none,multidevs=remap$3"
    -device "virtio-9p-pci,fsdev=$1,mount_tag=$1")
}

# Tells the guest what to run and gets its exit code: both in files of a folder of its own.
share_folders() {
  mkdir "$run/control"
  printf '%s\n' "$command" >"$run/control/command"
  folder control "$run/control" ''
  if [ -n "$share" ]; then folder share "$share" ''; touch "$run/control/share"; fi
  local name
  for name in "${!readable[@]}"; do
    folder "$name" "${readable[$name]}" ,readonly=on
    echo "$name" >>"$run/control/readable"
  done
}

boot() {
  local line="console=ttyS0,115200 panic=-1 net.ifnames=0 mitigations=off random.trust_cpu=on no_timer_check"
  line+=" quiet loglevel=1"
  if $iommu; then line+=" intel_iommu=on"; fi
  # Not `timeout` around the function: the process to end is QEMU itself.
  exec timeout --signal=KILL "$limit" "${qemu[@]}" -nodefaults -no-user-config -no-reboot -display none \
    -M q35 -accel tcg,thread=multi -cpu max -smp "$processors,sockets=$processors" -m "$memory" \
    -device isa-debug-exit,iobase=0xf4,iosize=1 \
    -kernel "$guest/vmlinuz" -initrd "$guest/initrd" -append "$line" \
    -chardev stdio,id=console,signal=off -serial chardev:console \
    -object rng-random,id=random,filename=/dev/urandom -device virtio-rng-pci,rng=random \
    -netdev user,id=outside,ipv6=off -device virtio-net-pci,netdev=outside,romfile=,mac=52:54:00:00:00:01 \
    "${devices[@]}" </dev/null
}

make_images
[ $# -gt 0 ] || exit 0
if [ $# -eq 1 ]; then command=$1; else command=$(printf '%q ' "$@"); fi

run=$(mktemp -d "${TMPDIR:-/tmp}/platform-vm-XXXX")
trap 'rm -rf "$run"' EXIT
devices=()
# In this order: what names no bus is put on the latest, and the buses near a node take bridges only.
share_folders
add_devices
start=$SECONDS code=0
(boot) > >(tee "$run/console") 2>"$run/errors" || code=$?
grep -vE '^$|is not connected to host network' "$run/errors" >&2 || true
if [ -n "$keep" ]; then
  mkdir -p "$keep"
  cp "$run/console" "$keep/console.txt"
  cp "$run/control/dmesg" "$keep/dmesg.txt" 2>/dev/null || true
fi
if [ "$code" -eq 137 ]; then
  say "not done within $limit s"
  exit 124
fi
say "booted in $(cat "$run/control/ready" 2>/dev/null || echo '?') s, done after $((SECONDS - start)) s"
exit "$(cat "$run/control/code" 2>/dev/null || echo 125)"
