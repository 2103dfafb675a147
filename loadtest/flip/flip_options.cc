#include "loadtest/flip/flip_options.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "loadtest/base/flag_set.h"
#include "loadtest/base/output_file.h"
#include "loadtest/workload/records.h"

namespace rcukv::loadtest {
namespace {

constexpr double kMaxRate = 1e6;
constexpr absl::Duration kMinInterval = absl::Milliseconds(20);
constexpr absl::Duration kMaxDuration = absl::Hours(24);

FlagSet::Setter SetDuration(absl::Duration& target, absl::Duration min) {
  return [&target, min](const std::string& text) {
    absl::Duration duration;
    if (!absl::ParseDuration(text, &duration) || duration < min ||
        duration > kMaxDuration) {
      return absl::InvalidArgumentError(
          absl::StrFormat("must be a time from %s to 24h, such as 250ms or 5s",
                          absl::FormatDuration(min)));
    }
    target = duration;
    return absl::OkStatus();
  };
}

absl::Status SetSettings(const std::string& text, std::vector<FlipSetting>& target) {
  absl::StatusOr<std::vector<FlipSetting>> settings = ParseFlipSettings(text);
  if (settings.ok()) target = *std::move(settings);
  return settings.status();
}

void AddPhases(FlipOptions& options, FlagSet& flags) {
  flags.Add("settings",
            "what is switched between, MODE/RECLAIM,...: a membarrier mode with call_rcu "
            "or synchronize, or all; the others are compared with the first",
            NamesOf(options.settings), [&options](const std::string& text) {
              return SetSettings(text, options.settings);
            });
  flags.Add("duration",
            "of a phase, which has one setting; the first fifth of it is not in its "
            "figures",
            absl::FormatDuration(options.duration),
            SetDuration(options.duration, 2 * kMinInterval));
  flags.Add("rounds", "how often each setting has a phase", &options.rounds, 1, 10'000);
  flags.Add("interval", "between two samples; a phase has two or more",
            absl::FormatDuration(options.interval),
            SetDuration(options.interval, kMinInterval));
}

void AddLoad(FlipOptions& options, FlagSet& flags) {
  flags.Add("rate", "reads a second, of an open loop", &options.rate, 1, kMaxRate);
  flags.Add("write_rate", "writes a second, of another one", &options.write_rate, 1,
            kMaxRate);
  flags.Add("callers", "reads that may be under way at once", &options.callers, 1,
            10'000);
  flags.Add("write_callers",
            "writes that may be: with synchronize and slow grace periods, those of some "
            "50 ms",
            &options.write_callers, 1, 10'000);
  flags.Add("entries", "keys the table is filled with", &options.entries, 1, 100'000'000);
  flags.Add("value_bytes", "bytes of a value", &options.value_bytes,
            static_cast<int64_t>(Records::kValueBytes.min),
            static_cast<int64_t>(Records::kValueBytes.max));
  flags.Add("seed",
            "of the order of the settings, the values, and everything else that is drawn "
            "at random",
            &options.seed, 0, INT64_MAX);
}

void AddServer(FlipOptions& options, FlagSet& flags) {
  flags.Add("address",
            "of a server that runs, HOST:PORT or unix:/path; its settings are put back "
            "in the end; without it one is started",
            &options.address);
  flags.Add("admin_address", "of the same server", &options.admin_address);
  flags.Add("table", "that is filled and loaded; it is there already", &options.table);
  flags.Add("server_binary",
            "the server to start, if not the one built with this program",
            &options.server_binary);
}

FlagSet FlagsOf(FlipOptions& options) {
  FlagSet flags;
  AddPhases(options, flags);
  AddLoad(options, flags);
  AddServer(options, flags);
  flags.Add("json", "a file for everything that was measured", &options.json);
  flags.Add("csv", "a file with a line for each sample", &options.csv);
  flags.Add("html", "a file to look at: charts and tables, for a browser", &options.html);
  flags.Add("help", "show this", &options.help);
  return flags;
}

absl::Status CheckPhases(const FlipOptions& options) {
  if (options.duration >= 2 * options.interval) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "--duration=%s: a phase has no two samples of --interval=%s; raise it, or lower "
      "that",
      absl::FormatDuration(options.duration), absl::FormatDuration(options.interval)));
}

absl::Status CheckServer(const FlipOptions& options) {
  if (options.address.empty() != options.admin_address.empty()) {
    const bool has_address = !options.address.empty();
    return absl::InvalidArgumentError(absl::StrFormat(
        "--%s=%s: a server that runs is named with both of its addresses; give --%s as "
        "well",
        has_address ? "address" : "admin_address",
        has_address ? options.address : options.admin_address,
        has_address ? "admin_address" : "address"));
  }
  if (options.address.empty() || options.server_binary.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat(
      "--server_binary=%s: with --address none is started; leave one of them out",
      options.server_binary));
}

}  // namespace

absl::StatusOr<FlipOptions> ParseFlipOptions(const std::vector<std::string>& arguments) {
  FlipOptions options;
  absl::Status status = FlagsOf(options).Parse(arguments);
  status.Update(CheckPhases(options));
  status.Update(CheckServer(options));
  status.Update(CheckFilesDiffer(options.json, options.csv, options.html));
  if (!status.ok()) return status;
  return options;
}

std::string FlipHelp() {
  FlipOptions defaults;
  return "loadtest flip: membarrier and reclaim modes, switched under a steady load\n" +
         FlagsOf(defaults).Help();
}

}  // namespace rcukv::loadtest
