#include "bench/serve/options.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "loadtest/base/flag_set.h"

namespace rcukv::bench {
namespace {

constexpr int64_t kMostThreads = 64;

absl::Status SetThreads(const std::string& text, std::vector<int64_t>* threads) {
  threads->clear();
  for (const absl::string_view word : absl::StrSplit(text, ',')) {
    int64_t number = 0;
    if (!absl::SimpleAtoi(word, &number) || number < 1 || number > kMostThreads) {
      return absl::InvalidArgumentError(
          absl::StrFormat("numbers from 1 to %d with commas between them", kMostThreads));
    }
    threads->push_back(number);
  }
  return absl::OkStatus();
}

ServeOptions Quick() {
  ServeOptions options;
  options.seconds = 0.25;
  options.entries = 100'000;
  options.memcached_threads = {2};
  return options;
}

loadtest::FlagSet FlagsOf(ServeOptions& options) {
  loadtest::FlagSet flags;
  AddCommonFlags(options, flags);
  flags.Add("seconds", "how long each load is watched", &options.seconds, 0.01, 600);
  flags.Add("entries", "that every server has", &options.entries, 1, 100'000'000);
  flags.Add("rate",
            "calls a second of open loops; 0: half of memcached's peak, measured first",
            &options.rate, 0, 1e9);
  flags.Add("memcached_threads", "memcached's -t: it runs once for each of these",
            absl::StrJoin(options.memcached_threads, ","),
            [&options](const std::string& text) {
              return SetThreads(text, &options.memcached_threads);
            });
  flags.Add("server", "rcukv's program; that of this build if empty", &options.server);
  flags.Add("redis", "Redis's program", &options.redis);
  flags.Add("memcached", "memcached's program", &options.memcached);
  return flags;
}

}  // namespace

absl::StatusOr<ServeOptions> ParseServeOptions(
    const std::vector<std::string>& arguments) {
  ServeOptions options = SaysQuick(arguments) ? Quick() : ServeOptions();
  if (absl::Status status = FlagsOf(options).Parse(arguments); !status.ok()) {
    return status;
  }
  return options;
}

std::string ServeHelp() {
  ServeOptions defaults;
  return "bench serve: the server and its C++ client beside Redis and memcached, with "
         "keys "
         "of 16 and\nvalues of 64 bytes. The servers are started on free ports of the "
         "loopback interface, filled\nonce, and stopped at the end; one of them is under "
         "load at a time. Progress and a table of\nthe targets go to standard error, "
         "tables and lines \"ratio MEASURE Nx vs PEER\" to standard\noutput.\n" +
         FlagsOf(defaults).Help();
}

std::map<std::string, std::string> Described(const ServeOptions& options) {
  return {{"rounds", absl::StrFormat("%d", options.rounds)},
          {"seconds", absl::StrFormat("%g", options.seconds)},
          {"entries", absl::StrFormat("%d", options.entries)},
          {"rate", absl::StrFormat("%g", options.rate)},
          {"memcached_threads", absl::StrJoin(options.memcached_threads, ",")},
          {"filter", options.filter}};
}

}  // namespace rcukv::bench
