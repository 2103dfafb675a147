// Benchmarks beside peers: bench NAME [--flag=value ...].
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "bench/map/benchmark.h"
#include "bench/rcu/benchmark.h"
#include "bench/serve/benchmark.h"
#include "bench/write/benchmark.h"

namespace rcukv::bench {
namespace {

constexpr int kExitUsage = 2;

constexpr char kUsage[] =
    "Usage: bench rcu|map|serve|write [--flag=value ...]\n"
    "  rcu    the RCU library beside liburcu\n"
    "  map    the hash map beside concurrent maps of others\n"
    "  serve  the server and its client beside Redis and memcached\n"
    "  write  durable writes beside Redis, and recovery beside a scan of its database\n"
    "Each lists its flags with --help.\n";

int Main(const std::vector<std::string>& arguments) {
  const std::string which = arguments.size() > 1 ? arguments[1] : "";
  if (which == "rcu") {
    return BenchRcu(arguments[0], {arguments.begin() + 2, arguments.end()});
  }
  if (which == "map") {
    return BenchMap(arguments[0], {arguments.begin() + 2, arguments.end()});
  }
  if (which == "serve") {
    return BenchServe(arguments[0], {arguments.begin() + 2, arguments.end()});
  }
  if (which == "write") {
    return BenchWrite(arguments[0], {arguments.begin() + 2, arguments.end()});
  }
  if (which == "--help" || which == "help") {
    std::fputs(kUsage, stdout);
    return 0;
  }
  absl::FPrintF(stderr, "bench: %s\n%s",
                which.empty() ? "which one?"
                              : absl::StrFormat("there is no benchmark \"%s\"", which),
                kUsage);
  return kExitUsage;
}

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) { return rcukv::bench::Main({argv, argv + argc}); }
