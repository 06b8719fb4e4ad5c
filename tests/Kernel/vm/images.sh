# Sourced by run.sh: QEMU, a kernel and a small root file system, from Debian packages that are only unpacked. Small and
# explicit: nothing recommended, nothing configured, no maintainer script runs.

# The emulated card is not in QEMU before 8.0, so that QEMU comes from a newer release than the guest may be of.
readonly qemu_suite=trixie
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg
readonly maintainers_only='^(adduser|passwd|debconf|base-passwd|login\.defs|perl.*|libpam.*|libsemanage.*|libsepol2
|libaudit.*|libdebconfclient0|systemd.*|udev|init.*)$'
programs="base-files bash busybox-static coreutils util-linux mount iproute2 pciutils kmod grep sed findutils
  libc6 libgcc-s1 libstdc++6 zlib1g ca-certificates"
# Those of the PFs are loaded at boot, the others by whoever wants them.
readonly modules="virtio_pci virtio_net 9p 9pnet_virtio igb nvme igbvf vfio-pci vfio_iommu_type1
  tun dummy veth bridge 8021q macvlan macvtap bonding"

make_images() {
  local need
  for need in apt-get apt-cache dpkg-deb xz sha256sum flock; do
    command -v "$need" >/dev/null || fail "$need is missing: the images are made of Debian packages"
  done
  archive=${PLATFORM_KERNEL_ARCHIVE:-$(archive_of_this_machine)}
  [ -n "$archive" ] || fail "apt knows no Debian archive here; run apt-get update, or set PLATFORM_KERNEL_ARCHIVE"
  [ -r "$keyring" ] || fail "$keyring is missing; install debian-archive-keyring"
  mkdir -p "$cache"
  # Two runs may start at once, on an empty cache.
  exec 9>"$cache/lock"
  flock 9
  unpack_qemu
  make_guest
  exec 9>&-
}

archive_of_this_machine() {
  # shellcheck disable=SC2016 # apt's own placeholder
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sed -n 's#/debian/*$#/debian#p' | sort -u |
    head -n 1
}

# An apt of its own for a release, which neither reads nor writes the machine's.
apt_of() { # suite
  apt=$cache/apt-$1
  export APT_CONFIG=$apt/apt.conf
  [ ! -e "$apt/complete" ] || return 0
  mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,etc/apt.conf.d,etc/preferences.d,etc/sources.d,debs}
  : >"$apt/status"
  printf 'deb [signed-by=%s] %s main\n' "$keyring" "$archive $1" "$keyring" "$archive-security $1-security" \
    >"$apt/etc/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::State "$apt/state"; Dir::State::status "$apt/status"; Dir::Cache "$apt/cache"; Dir::Etc "$apt/etc";
Dir::Etc::sourcelist "$apt/etc/sources.list"; Dir::Etc::sourceparts "$apt/etc/sources.d";
Dir::Etc::parts "$apt/etc/apt.conf.d"; Dir::Etc::preferencesparts "$apt/etc/preferences.d";
APT::Architecture "amd64"; APT::Architectures {"amd64";}; APT::Install-Recommends "false"; APT::Sandbox::User "";
Acquire::Languages "none"; Acquire::Retries "3";
CONF
  # Or else what cannot be had is a warning only.
  apt-get -qq -o APT::Update::Error-Mode=any update >&2 || fail "the package lists of $1 cannot be had from $archive"
  touch "$apt/complete"
}

# The packages and all that they depend on. What is asked for by name is never left out.
unpack() { # folder, packages...
  local into=$1 folder list package skip=${maintainers_only//$'\n'/}
  shift
  list=$(apt-get -s install "$@" 2>/dev/null | awk '/^Inst /{print $2}' | while read -r package; do
    if [[ " $* " == *" $package "* || ! $package =~ $skip ]]; then echo "$package"; fi
  done) || true
  [ -n "$list" ] || fail "apt finds nothing for: $*"
  # Links from the start, so that no package makes /bin or /lib a folder.
  for folder in bin sbin lib lib64; do
    mkdir -p "$into/usr/$folder"
    [ -e "$into/$folder" ] || ln -s "usr/$folder" "$into/$folder"
  done
  download $list
  for package in $list; do unpack_one "$package" "$into"; done
}

download() { (cd "$apt/debs" && apt-get -qq download "$@" >&2) || fail "packages cannot be had from $archive"; }

unpack_one() { # package, folder
  mkdir -p "$2"
  dpkg-deb --fsys-tarfile "$(ls -t "$apt/debs/${1%%:*}"_*.deb | head -n 1)" |
    tar -x --keep-directory-symlink --no-same-owner -C "$2"
}

unpack_qemu() {
  local root=$cache/qemu
  if [ ! -e "$root/complete" ]; then
    say "unpacking QEMU"
    rm -rf "$root"
    apt_of "$qemu_suite"
    unpack "$root" qemu-system-x86
    rm -rf "$root"/usr/share/{doc,man,locale,info}
    touch "$root/complete"
  fi
  # With its own loader and libraries: the machine's may be older.
  qemu=("$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu:$root/usr/lib"
    "$root/usr/bin/qemu-system-x86_64" -L "$root/usr/share/qemu" -L "$root/usr/share/seabios"
    -L "$root/usr/lib/ipxe/qemu")
}

make_guest() {
  guest=$cache/guest-$suite
  local stamp root=$guest/root
  stamp=$(cat "$here/images.sh" "$here/init.sh" | sha256sum)
  [ "$(cat "$guest/complete" 2>/dev/null)" != "$stamp" ] || return 0
  say "making the guest of $suite"
  rm -rf "$guest"
  mkdir -p "$guest"
  apt_of "$suite"
  if [ "$suite" = bookworm ]; then programs+=" libssl3"; else programs+=" libssl3t64"; fi
  # shellcheck disable=SC2086 # a list of package names
  unpack "$root" $programs
  rm -rf "$root"/usr/share/{doc,man,locale,info,bash-completion,i18n,zoneinfo}
  add_kernel "$root"
  configure "$root"
  (cd "$root" && find . -print0 | LC_ALL=C sort -z | tr '\0' '\n' |
    usr/bin/busybox cpio -o -H newc -R 0:0 2>/dev/null) >"$guest/initrd"
  echo "$stamp" >"$guest/complete"
}

# The kernel, and of its modules those named and what they need, unpacked: to do it in the guest is slow.
add_kernel() { # root
  local kernel=$guest/kernel package version from to module file
  package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/{print $2; exit}')
  download "$package"
  unpack_one "$package" "$kernel"
  cp "$kernel"/boot/vmlinuz-* "$guest/vmlinuz"
  [ -e "$kernel/lib" ] || ln -s usr/lib "$kernel/lib"
  version=$(basename "$kernel"/lib/modules/*)
  from=$kernel/lib/modules/$version to=$1/usr/lib/modules/$version
  mkdir -p "$to"
  cp "$from"/modules.{builtin,builtin.modinfo,order} "$to/"
  kmod "$1" depmod -b "$kernel" "$version"
  for module in $modules; do
    kmod "$1" modprobe -d "$kernel" -S "$version" --show-depends "$module" || say "there is no module $module"
  done | awk '$1 == "insmod" {print $2}' | sort -u | sed "s#.*/modules/$version/##" | while read -r file; do
    mkdir -p "$to/${file%/*}"
    case $file in
      *.xz) xz -dc "$from/$file" >"$to/${file%.xz}" ;;
      *) cp "$from/$file" "$to/$file" ;;
    esac
  done
  kmod "$1" depmod -b "$1" "$version"
  rm -rf "$kernel"
}

kmod() { # root, name to run it by, arguments...
  local root=$1 name=$2
  shift 2
  "$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" --argv0 "$name" \
    "$root/usr/bin/kmod" "$@"
}

configure() { # root
  local name
  mkdir -p "$1"/{proc,sys,dev,run,tmp,root,mnt,busybox,etc}
  ln -sfn /proc/self/mounts "$1/etc/mtab"
  echo 'root:x:0:0:root:/root:/bin/bash' >"$1/etc/passwd"
  echo 'root:x:0:' >"$1/etc/group"
  printf '127.0.0.1 localhost\n10.0.2.2 outside\n' >"$1/etc/hosts"
  echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
  ln -sf bash "$1/usr/bin/sh"
  # Last in the path: only where Debian's own is missing.
  for name in $("$1/usr/bin/busybox" --list); do ln -sf /usr/bin/busybox "$1/busybox/$name"; done
  for name in modprobe rmmod lsmod; do ln -sf /usr/bin/kmod "$1/usr/sbin/$name"; done
  install -m 755 "$here/init.sh" "$1/init"
}
