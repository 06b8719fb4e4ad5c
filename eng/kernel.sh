# Sourced by ./platform: the tests that need a kernel and cards of their own, in a virtual machine made for them.

readonly kernel_tests=tests/Kernel/bin/$configuration/net10.0
# Of boot and tests together. They take two minutes; a machine that is busy otherwise may need far longer.
readonly kernel_limit=1500

run_kernel_tests() {
  say "== build"
  if ! build tests/Kernel/Kernel.Tests.csproj; then
    failed=1
    fail "FAILED: build"
    sum
    return 1
  fi
  local code=0
  know_packages
  say "== virtual machine"
  tests/Kernel/vm/run.sh || code=$?
  if [ "$code" -eq 0 ]; then
    run_in_guest
  elif [ "$code" -eq 126 ]; then
    skipped=$((skipped + 1))
    say "SKIPPED: tests/Kernel, as no virtual machine can be made here (see above)"
  else
    failed=$((failed + 1))
    fail "FAILED: the images of the virtual machine (exit code $code)"
  fi
  sum
  [ "$failed" -eq 0 ]
}

# A fresh Debian knows of no package until it is told to look.
know_packages() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 0
  compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null || apt-get update -qq >&2 || true
}

run_in_guest() {
  local results log code=0 dotnet
  results=$(mktemp -d) log=$(mktemp)
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  say "== tests/Kernel"
  tests/Kernel/vm/run.sh --limit "$kernel_limit" --share "$results" \
    --ro dotnet="$dotnet" --ro tests="$kernel_tests" -- \
    "export PLATFORM_KERNEL_GUEST=1 DOTNET_EnableDiagnostics=0 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
     /mnt/dotnet/dotnet /mnt/tests/Platform.Kernel.Tests.dll -noColor -trx results.trx" 2>&1 | tee "$log" >&2 || code=$?
  failures+=$(grep -A 8 -E ' \[FAIL\]' "$log" | cut -c 1-200 || true)$'\n'
  count_results tests/Kernel "$results/results.trx" "$code"
  rm -rf "$results" "$log"
}
