#!/usr/bin/env bash
# `./run demo`: the main job on real data, from an empty server to the comparison of barrier
# strategies. Unattended; exits with 0 when every step did what it says.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
work="$(mktemp -d)"
server_pid=
load_pid=

# The load ends by itself: by the file it looks for, and as it gets no answers any more.
clean_up() {
  touch "$work/stop"
  if [[ -n "$server_pid" ]]; then
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" || true
  fi
  if [[ -n "$load_pid" ]]; then wait "$load_pid" || true; fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---- What is printed

if [[ -t 1 ]]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
steps=8
number=0

step() {
  number=$((number + 1))
  printf '\n%s[%d/%d] %s%s\n' "$bold" "$number" "$steps" "$*" "$plain"
}

say() { printf '%s\n' "$*"; }

die() {
  printf 'demo: %s\n' "$*" >&2
  exit 1
}

# Prints a command as one would type it, and runs it.
show() {
  local code=0
  printf '%s$ %s%s\n' "$bold" "$1" "$plain"
  eval "$1" || code=$?
  # 141: the command wrote more than the head of its pipe wanted.
  ((code == 0 || code == 141)) || die "'$1' failed with exit code $code"
}

# ---- What the commands stand for

rcukv() { "$root/bazel-bin/clients/cli/rcukv" "$@"; }
loadtest() { "$root/bazel-bin/loadtest/loadtest" "$@"; }
read_back_check() { /usr/bin/python3 "$root/tools/read_back_check.py" "$@"; }

build() {
  local start=$SECONDS
  "$root/run" server --version
  "$root/run" cli --version
  "$root/run" loadtest help >/dev/null
  say "Built in $((SECONDS - start)) s."
}

# Starts a server on free ports and takes its addresses from the line it prints.
start_server() {
  local log=server.log line='' waited
  : >"$log"
  "$root/bazel-bin/server/rcukv_server" --data_dir=data --rcu_flavor=memb \
    --listen=127.0.0.1:0 --admin_listen=127.0.0.1:0 >>"$log" 2>&1 &
  server_pid=$!
  for ((waited = 0; waited < 200; ++waited)); do
    line="$(grep -m1 ' listening on ' "$log" || true)"
    if [[ -n "$line" ]]; then break; fi
    kill -0 "$server_pid" 2>/dev/null || die "the server did not start: $(cat "$log")"
    sleep 0.1
  done
  [[ "$line" =~ listening\ on\ ([^ ]+)\ \(admin\ ([^\)]+)\) ]] ||
    die "the server did not say where it listens: $(cat "$log")"
  export RCUKV_SERVER="${BASH_REMATCH[1]}" RCUKV_ADMIN="${BASH_REMATCH[2]}"
  say "$line"
}

stop_server() {
  local code=0
  kill "$server_pid"
  wait "$server_pid" || code=$?
  server_pid=
  ((code == 0)) || die "the server ended with exit code $code"
}

# As a crash of the server would end it: it has no time to save anything.
kill_server() {
  show "kill -KILL $server_pid"
  wait "$server_pid" 2>/dev/null || true
  server_pid=
}

# The package index of this machine, in the file `packages`.
write_index() {
  show "apt-cache dumpavail >packages"
  if [[ ! -s packages ]]; then
    say "It is empty: this machine has not fetched it yet."
    if [[ "$(id -u)" == 0 ]]; then show "apt-get update -qq"; else show "sudo apt-get update -qq"; fi
    show "apt-cache dumpavail >packages"
  fi
  [[ -s packages ]] || die "apt-cache dumpavail gives nothing"
}

# Runs a command again and again until there is a file `stop`; notes each success in the file
# NAME.rounds, and in the file `failed` that there was none.
repeat() {
  local name="$1"
  shift
  until [[ -e stop ]]; do
    if "$@" >"$name.log" 2>&1; then echo >>"$name.rounds"; else touch failed; fi
    if [[ -e failed ]]; then return; fi
  done
}

read_all() { rcukv mget --json <keys | read_back_check some; }
write_all() { rcukv load --format deb --json some; }

# Some thousand packages are written, and others read at the same time and compared.
start_load() {
  awk 'BEGIN { RS = ""; ORS = "\n\n" } NR <= 2000' packages >some
  sed -n 's/^Package: *//p' some >keys
  : >read.rounds
  { repeat read read_all & repeat write write_all & wait; } &
  load_pid=$!
  wait_for_reads
}

stop_load() {
  touch stop
  wait "$load_pid"
  load_pid=
  check_load
}

check_load() {
  [[ ! -e failed ]] || die "a read or a write failed: $(cat read.log write.log)"
}

# Returns when the load has read all of its keys twice more.
wait_for_reads() {
  local wanted waited
  wanted=$(($(wc -l <read.rounds) + 2))
  for ((waited = 0; waited < 300; ++waited)); do
    check_load
    if (($(wc -l <read.rounds) >= wanted)); then return; fi
    sleep 0.1
  done
  die "the reads have stopped"
}

# ---- The demo

main() {
  cd "$work"
  say "${bold}rcukv: a key-value server whose lookups take no lock and no barrier instruction$plain"
  say "In the commands below, rcukv stands for ./run cli, loadtest for ./run loadtest and"
  say "read_back_check for tools/read_back_check.py; the server's addresses are in the environment"
  say "variables RCUKV_SERVER and RCUKV_ADMIN."

  step "Build the server, the client and the load test"
  build
  local start=$SECONDS

  step "Start a server on free ports of this machine"
  start_server

  step "Load the Debian package index: key = package name, value = what apt knows of it"
  write_index
  show "rcukv load --format deb packages"

  step "Query it"
  show "rcukv get bash | head -n 5"
  show "rcukv mget coreutils libc6 | cut -c 1-90"
  show "rcukv scan --prefix python3-z --keys-only | head -n 5"
  show "rcukv get no-such-package || echo \"exit code \$?\""
  show "rcukv status"

  step "Read everything back and compare it with what was loaded"
  show "rcukv scan --json | read_back_check packages"
  show "sed -n 's/^Package: //p' packages | rcukv mget --json | read_back_check packages"

  step "Kill the server and start it again: what it had answered is on the disk"
  kill_server
  start_server
  show "rcukv scan --json | read_back_check packages"

  step "Switch membarrier while clients read and write: the reads go on, the grace periods change"
  start_load
  show "rcukv status | grep -E '^(protection|grace)'"
  show "rcukv set-membarrier non-expedited"
  wait_for_reads
  show "rcukv status | grep -E '^(protection|grace)'"
  show "rcukv set-membarrier expedited"
  wait_for_reads
  show "rcukv status | grep -E '^(protection|grace)'"
  stop_load
  say "Meanwhile $(wc -l <keys) keys were read $(wc -l <read.rounds) times and written $(wc -l <write.rounds) times: every value as loaded."
  stop_server
  say "The server has stopped."

  step "Compare the barrier strategies: the same work with each, from one pointer to calls over gRPC"
  show "loadtest compare --brief"

  printf '\n%sDone in %d s, build aside.%s Start a server of your own with ./run server; ./run cli help lists what to ask it.\n' \
    "$bold" "$((SECONDS - start))" "$plain"
}

main "$@"
