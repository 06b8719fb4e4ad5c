# Sourced by ./platform: PostgreSQL and RabbitMQ for the tests. The tests start private instances by themselves; this
# sees to it that the programs are installed, and that nothing they started outlives the run. What libvirt's tests need
# is installed where that is possible; elsewhere those tests are skipped, and say so.

readonly policy=/usr/sbin/policy-rc.d
readonly cluster_rules=/etc/postgresql-common/createcluster.conf
suppressed=

with_servers() { # command...
  trap leave EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  install_servers

  # Short: sockets and Erlang have limits. The servers run as another user, who must be able to enter it.
  PLATFORM_TEST_FOLDER=$(mktemp -d /tmp/pf-XXXX)
  chmod 755 "$PLATFORM_TEST_FOLDER"
  export PLATFORM_TEST_FOLDER
  "$@"
}

missing_servers() {
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || [ -n "${PLATFORM_TEST_RABBITMQ:-}" ] || echo rabbitmq-server
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || [ -n "${PLATFORM_TEST_POSTGRES:-}" ] || echo postgresql
}

missing_tools() {
  command -v virt-xml-validate >/dev/null || echo libvirt-clients
  command -v xmllint >/dev/null || echo libxml2-utils
  [ -x /usr/sbin/libvirtd ] || echo libvirt-daemon libvirt-daemon-driver-qemu
  command -v qemu-system-x86_64 >/dev/null || echo qemu-system-x86
}

install_servers() {
  local servers missing
  servers=$(missing_servers | xargs)
  missing=$( { missing_servers; missing_tools; } | xargs)
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    [ -n "$servers" ] || return 0
    missing=$servers
    say "The tests need servers: install $missing (RabbitMQ 3.10, PostgreSQL 15, or newer), or name running ones in"
    say "PLATFORM_TEST_RABBITMQ (amqp://user:password@host:5672/vhost) and PLATFORM_TEST_POSTGRES (postgres://...)."
    exit 1
  fi

  say "== installing $missing"
  suppress_services
  # shellcheck disable=SC2086 # a list of package names
  {
    apt-get update -qq
    # The rules set above stand: nobody is there to be asked whose version of them shall stay.
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
      -o Dpkg::Options::=--force-confold $missing
  } >&2 </dev/null
  restore_services
}

# Debian starts what it installs, and makes a database cluster. Neither is wanted; both rules are put back after.
suppress_services() {
  suppressed=$(mktemp -d)
  keep "$policy"
  keep "$cluster_rules"
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  mkdir -p "$(dirname "$cluster_rules")"
  echo 'create_main_cluster = false' >"$cluster_rules"
}

restore_services() {
  [ -n "$suppressed" ] || return 0
  put_back "$policy"
  put_back "$cluster_rules"
  rm -rf "$suppressed"
  suppressed=
}

keep() { [ ! -e "$1" ] || cp -a "$1" "$suppressed/$(basename "$1")"; }

put_back() {
  rm -f "$1"
  [ ! -e "$suppressed/$(basename "$1")" ] || cp -a "$suppressed/$(basename "$1")" "$1"
}

# Ends what this run started, servers and all, and nothing else: every process inherits the name of its folder.
leave() {
  local code=$?
  trap - EXIT INT TERM
  restore_services
  if [ -n "${PLATFORM_TEST_FOLDER:-}" ] && [ -d "$PLATFORM_TEST_FOLDER" ]; then
    end_processes
    rm -rf "$PLATFORM_TEST_FOLDER"
  fi
  exit "$code"
}

end_processes() {
  local pid
  for pid in /proc/[0-9]*; do
    pid=${pid#/proc/}
    if [ "$pid" != "$$" ] && belongs "$pid"; then kill -KILL "$pid" 2>/dev/null || true; fi
  done
}

belongs() { # pid
  { tr '\0' '\n' <"/proc/$1/environ" | grep -qxF "PLATFORM_TEST_FOLDER=$PLATFORM_TEST_FOLDER"; } 2>/dev/null
}
