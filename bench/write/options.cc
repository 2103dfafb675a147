#include "bench/write/options.h"

#include "absl/strings/str_format.h"
#include "loadtest/flag_set.h"

namespace rcukv::bench {
namespace {

WriteOptions Quick() {
  WriteOptions options;
  options.seconds = 0.5;
  options.entries = 10'000;
  options.recovered_entries = 1'000'000;
  return options;
}

loadtest::FlagSet FlagsOf(WriteOptions& options) {
  loadtest::FlagSet flags;
  AddCommonFlags(options, flags);
  flags.Add("seconds", "how long each load is watched", &options.seconds, 0.01, 600);
  flags.Add("entries", "that every server has", &options.entries, 1, 100'000'000);
  flags.Add("recovered_entries", "of the directory that is recovered",
            &options.recovered_entries, 1, 1'000'000'000);
  flags.Add("rate", "Gets a second beside writers", &options.rate, 1, 1e9);
  flags.Add("directory",
            "where data directories are made, and removed at the end: on the disk that "
            "is to be measured",
            &options.directory);
  flags.Add("server", "rcukv's program; that of this build if empty", &options.server);
  flags.Add("redis", "Redis's program", &options.redis);
  return flags;
}

}  // namespace

absl::StatusOr<WriteOptions> ParseWriteOptions(
    const std::vector<std::string>& arguments) {
  WriteOptions options = SaysQuick(arguments) ? Quick() : WriteOptions();
  if (absl::Status status = FlagsOf(options).Parse(arguments); !status.ok()) {
    return status;
  }
  return options;
}

std::string WriteHelp() {
  WriteOptions defaults;
  return "bench write: what writes that last cost, beside Redis with an append-only file "
         "on the same\ndisk; what they do to the reads beside them; and how fast a "
         "server is back, beside a scan\nof its database by RocksDB alone. Keys have 16 "
         "bytes, values 64. The servers are started on\nfree ports of the loopback "
         "interface, filled once, and stopped at the end; one of them is\nunder load at "
         "a time. Progress and a table of the targets go to standard error, tables and\n"
         "lines \"ratio MEASURE Nx vs PEER\" to standard output.\n" +
         FlagsOf(defaults).Help();
}

std::map<std::string, std::string> Described(const WriteOptions& options) {
  return {{"rounds", absl::StrFormat("%d", options.rounds)},
          {"seconds", absl::StrFormat("%g", options.seconds)},
          {"entries", absl::StrFormat("%d", options.entries)},
          {"recovered_entries", absl::StrFormat("%d", options.recovered_entries)},
          {"rate", absl::StrFormat("%g", options.rate)},
          {"directory", options.directory},
          {"filter", options.filter}};
}

}  // namespace rcukv::bench
