#include "loadtest/soak/soak_options.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "loadtest/base/flag_set.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {
namespace {

// The server's default limit.
constexpr int64_t kMaxBatch = 10'000;
// Fewer than there may be writers would leave one without keys.
constexpr int64_t kMinEntries = 100;
constexpr int64_t kMaxWriters = 100;
constexpr absl::Duration kMinDuration = absl::Seconds(1);
constexpr absl::Duration kMaxDuration = absl::Hours(100);

absl::Status SetDuration(const std::string& text, absl::Duration& target) {
  absl::Duration duration;
  if (!absl::ParseDuration(text, &duration) || duration < kMinDuration ||
      duration > kMaxDuration) {
    return absl::InvalidArgumentError(
        "must be a time from 1s to 100h, such as 90s or 10m");
  }
  target = duration;
  return absl::OkStatus();
}

absl::Status SetStrategy(const std::string& text, std::optional<Strategy>& target) {
  target.reset();
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<std::vector<Strategy>> parsed = ParseStrategies(text);
  if (!parsed.ok()) return parsed.status();
  if (parsed->size() != 1) return absl::InvalidArgumentError("must be one strategy");
  target = parsed->front();
  return absl::OkStatus();
}

// The server's word for it.
std::string FlagValue(v1::ReclaimMode mode) {
  return absl::AsciiStrToLower(v1::ReclaimMode_Name(mode));
}

absl::Status SetReclaim(const std::string& text, std::optional<std::string>& target) {
  target.reset();
  if (text.empty()) return absl::OkStatus();
  for (const v1::ReclaimMode mode : {v1::CALL_RCU, v1::SYNCHRONIZE}) {
    if (text != FlagValue(mode)) continue;
    target = text;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "must be %s or %s", FlagValue(v1::CALL_RCU), FlagValue(v1::SYNCHRONIZE)));
}

FlagSet FlagsOf(SoakOptions& options) {
  FlagSet flags;
  flags.Add("duration",
            "how long the load lasts, such as 90s or 10m; the first fifth of it "
            "is the warm-up",
            "10m", [&options](const std::string& text) {
              return SetDuration(text, options.duration);
            });
  flags.Add("tolerance",
            "by how many percent resident memory may grow from the second fifth to the "
            "last",
            &options.tolerance_percent, 0, 1000);
  flags.Add("entries", "keys, of which a few are absent at any time", &options.entries,
            kMinEntries, 100'000'000);
  flags.Add("callers", "chains of GetAsync", &options.callers, 0, 10'000);
  flags.Add("batch_callers", "threads that call BatchGet", &options.batch_callers, 0,
            100);
  flags.Add("batch", "keys a BatchGet", &options.batch, 1, kMaxBatch);
  flags.Add("writers", "threads that put and delete", &options.writers, 0, kMaxWriters);
  flags.Add("seed", "of the data and the choice of keys", &options.seed, 0, INT64_MAX);
  flags.Add("strategy",
            "what the server runs with, one of those of compare; without it the server's "
            "default",
            "", [&options](const std::string& text) {
              return SetStrategy(text, options.strategy);
            });
  flags.Add("reclaim",
            "how the server frees replaced entries, call_rcu or synchronize; without it "
            "the server's default",
            "", [&options](const std::string& text) {
              return SetReclaim(text, options.reclaim);
            });
  flags.Add("json", "a file for the samples", &options.json);
  flags.Add("server_binary",
            "the server to start, if not the one built with this program",
            &options.server_binary);
  flags.Add("help", "show this", &options.help);
  return flags;
}

}  // namespace

absl::StatusOr<SoakOptions> ParseSoakOptions(const std::vector<std::string>& arguments) {
  SoakOptions options;
  const absl::Status status = FlagsOf(options).Parse(arguments);
  if (!status.ok()) return status;
  return options;
}

std::string SoakHelp() {
  SoakOptions defaults;
  return "loadtest soak: one server at full load, with writes; does its memory stay "
         "flat?\n" +
         FlagsOf(defaults).Help();
}

std::vector<std::string> ServerFlags(const SoakOptions& options) {
  std::vector<std::string> flags;
  if (options.strategy.has_value()) flags = options.strategy->flags;
  if (options.reclaim.has_value()) flags.push_back("--reclaim=" + *options.reclaim);
  return flags;
}

}  // namespace rcukv::loadtest
