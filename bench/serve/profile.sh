#!/usr/bin/env bash
# Where the CPU time of a load on our server goes, by process and library.
# Usage: profile.sh SERVER_PID PORT WORK [FLAG...]: the work and flags of the sampler beside it.
#   bazel build //bench/serve:sampler
#   bench/serve/profile.sh "$pid" "$port" batch --keys=16 --callers=4 --shape=events
# The server has been filled by `sampler fill --port=PORT`. Wants perf (Debian's linux-perf).
#
# "HTTP/2" are gRPC's functions with framing, HPACK, flow control or metadata in their names.
# A quarter of the rest of gRPC has no names, and some of that is HTTP/2 as well.
set -euo pipefail

server=$1 port=$2
shift 2
sampler="$(dirname "$0")/../../bazel-bin/bench/serve/sampler"
data=$(mktemp)
trap 'rm -f "$data"' EXIT

"$sampler" "$@" --port="$port" --pid="$server" --seconds=8 &
client=$!
sleep 2
perf record -q -o "$data" -e cpu-clock -F 997 -p "$server,$client" -- sleep 5 >/dev/null
wait "$client"

perf report -i "$data" --no-children --sort pid,dso,symbol -t '|' 2>/dev/null |
  awk -F'|' -v server="$(echo /proc/"$server"/task/*)" '
    BEGIN {
      count = split(server, paths, " ")
      for (i = 1; i <= count; ++i) {
        sub(".*/", "", paths[i])
        of_server[paths[i]] = 1
      }
    }
    /^#|^$/ { next }
    {
      split($2, thread, ":")
      gsub(" ", "", thread[1])
      end = thread[1] in of_server ? "server" : "client"
      part = "other libraries"
      if ($3 ~ /kernel/) part = "kernel"
      else if ($4 ~ /chttp2|hpack|HPack|flow_control|metadata|Metadata|http2/) part = "HTTP/2"
      else if ($3 ~ /libgrpc|libgpr|libaddress_sorting|libupb/) part = "gRPC"
      else if ($3 ~ /libc\.|libm\.|jemalloc|libstdc|ld-linux|libabsl|vdso/)
        part = "libc, malloc, Abseil"
      else if ($3 ~ /libprotobuf/) part = "protobuf"
      else if ($3 ~ /rcukv_server|sampler/) part = "ours"
      sum[end ": " part] += $1
    }
    END { for (key in sum) printf "%5.1f %%  %s\n", sum[key], key }' | sort -k3,3 -k1,1nr
