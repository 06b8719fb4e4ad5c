# Sourced by ./platform: builds once, runs test projects one after another, sums their results.

passed=0 failed=0 skipped=0 failures=

# One check that is no test project counts as one test.
count_check() { # name, command...
  local name=$1
  shift
  say "== $name"
  if "$@" >&2; then passed=$((passed + 1)); else failed=$((failed + 1)); fail "FAILED: $name"; fi
}

# Said now, and again at the end, where one looks first.
fail() { # text
  say "$1"
  failures+=$1$'\n'
}

sum() {
  [ -z "${failures//[$'\n']/}" ] || say "$failures"
  printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
}

run_project() { # name
  local name=$1 results log
  results=$(mktemp -d) log=$(mktemp)
  say "== tests/$name"
  # A crash leaves no results, or fewer failures than its exit code says; it is counted as one.
  local code=0
  dotnet test "tests/$name" -c "$configuration" --no-build -nologo --logger "console;verbosity=minimal" \
    --logger "trx;LogFileName=results.trx" --results-directory "$results" 2>&1 | tee "$log" >&2 || code=$?
  failures+=$(grep -A 8 -E '^ +Failed ' "$log" | cut -c 1-200 || true)$'\n'
  count_results "tests/$name" "$results/results.trx" "$code"
  rm -rf "$results" "$log"
}

count_results() { # name, file with results, exit code
  local name=$1 code=$3 counters total ok bad
  counters=$(grep -o '<Counters [^>]*>' "$2" 2>/dev/null || true)
  total=$(attribute total "$counters") ok=$(attribute passed "$counters") bad=$(attribute failed "$counters")
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - ok - bad))
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    failed=$((failed + 1))
    fail "FAILED: $name ended with exit code $code"
  elif [ "$total" -eq 0 ]; then
    failed=$((failed + 1))
    fail "FAILED: $name ran no test"
  fi
}

attribute() { # name, xml
  local value
  value=$(grep -o "\b$1=\"[0-9]*\"" <<<"$2" | head -n 1 | tr -dc 0-9 || true)
  echo "${value:-0}"
}

run_checks() { # test projects
  say "== build"
  if ! build Platform.sln; then
    failed=1
    fail "FAILED: build"
    sum
    return 1
  fi
  count_check format dotnet format Platform.sln whitespace --verify-no-changes --no-restore
  local name
  for name in "$@"; do run_project "$name"; done
  sum
  [ "$failed" -eq 0 ]
}
