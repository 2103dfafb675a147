#include "loadtest/workload/run_options.h"

#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "loadtest/base/flag_set.h"
#include "loadtest/base/output_file.h"
#include "loadtest/workload/arrivals.h"
#include "loadtest/workload/rate_search.h"
#include "loadtest/workload/records.h"
#include "loadtest/workload/zipf.h"

namespace rcukv::loadtest {
namespace {

constexpr char kDefaultWorkload[] = "b";
constexpr double kMinRate = 1e-3;
static_assert(kMinRate >= Arrivals::kMinPerSecond);
constexpr double kMaxRate = RateSearch::kHighest;
constexpr int64_t kMaxEntries = 100'000'000;
// The server's default limit.
constexpr int64_t kMaxPage = 10'000;

constexpr KeyDistribution::Kind kKinds[] = {
    KeyDistribution::kUniform, KeyDistribution::kZipf, KeyDistribution::kLatest,
    KeyDistribution::kHotSet};

// What flags are parsed into before they are seen together.
struct Parsed {
  RunOptions options;
  // Absent: the workload's.
  std::optional<KeyDistribution::Kind> keys;
};

absl::Status SetWorkload(const std::string& text, Workload& target) {
  absl::StatusOr<Workload> workload = ParseWorkload(text);
  if (workload.ok()) target = *std::move(workload);
  return workload.status();
}

absl::Status SetKeys(const std::string& text,
                     std::optional<KeyDistribution::Kind>& target) {
  for (const KeyDistribution::Kind kind : kKinds) {
    if (ToString(kind) != text) continue;
    target = kind;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("must be uniform, zipf, latest or hotset");
}

absl::Status SetSizes(const std::string& text, SizeLimits allowed, Sizes& target) {
  absl::StatusOr<Sizes> sizes = ParseSizes(text, allowed);
  if (sizes.ok()) target = *std::move(sizes);
  return sizes.status();
}

absl::Status SetRate(const std::string& text, std::optional<double>& target) {
  double rate;
  // Written so that NaN is refused.
  if (!absl::SimpleAtod(text, &rate) || !(rate >= kMinRate && rate <= kMaxRate)) {
    return absl::InvalidArgumentError(
        absl::StrFormat("must be from %g to %g operations a second; leave the flag out "
                        "for a closed loop",
                        kMinRate, kMaxRate));
  }
  target = rate;
  return absl::OkStatus();
}

FlagSet::Setter SetDuration(absl::Duration& target, absl::Duration min) {
  return [&target, min](const std::string& text) {
    absl::Duration duration;
    if (!absl::ParseDuration(text, &duration) || duration < min ||
        duration > absl::Hours(100)) {
      return absl::InvalidArgumentError(
          absl::StrFormat("must be a time from %s to 100h, such as 500ms, 90s or 10m",
                          absl::FormatDuration(min)));
    }
    target = duration;
    return absl::OkStatus();
  };
}

absl::Status SetObjective(const std::string& text,
                          std::optional<absl::Duration>& target) {
  absl::Duration duration;
  const absl::Status status = SetDuration(duration, absl::Microseconds(1))(text);
  if (status.ok()) target = duration;
  return status;
}

void AddWhat(Parsed& parsed, FlagSet& flags) {
  RunOptions& options = parsed.options;
  flags.Add("address", "of the server, HOST:PORT or unix:/path", &options.address);
  flags.Add("table", "that is filled and loaded; it is there already", &options.table);
  flags.Add("workload",
            "a, b, c, d, e or f, as YCSB names them, or shares of get, put, insert, rmw "
            "and scan, such as get:90,put:8,rmw:2",
            kDefaultWorkload, [&options](const std::string& text) {
              return SetWorkload(text, options.workload);
            });
  flags.Add(
      "keys",
      "which keys are chosen: uniform, zipf, latest or hotset; without it zipf, and "
      "latest for workload d",
      "", [&parsed](const std::string& text) { return SetKeys(text, parsed.keys); });
  flags.Add("zipf_exponent", "of zipf and latest; 0: all keys alike",
            &options.keys.exponent, 0, Zipf::kMaxExponent);
  flags.Add("hot_keys", "of hotset, the share of the keys that are hot",
            &options.keys.hot_keys, 0, 1);
  flags.Add("hot_operations", "of hotset, the share of the operations they get",
            &options.keys.hot_operations, 0, 1);
  flags.Add("scan_entries", "the most entries a scan reads", &options.scan_entries, 1,
            kMaxPage);
}

void AddData(RunOptions& options, FlagSet& flags) {
  flags.Add("entries", "keys the table is filled with", &options.entries, 1, kMaxEntries);
  flags.Add("key_bytes", "bytes of a key: 24, uniform:16-64 or zipf:16-256",
            options.key_bytes.ToString(), [&options](const std::string& text) {
              return SetSizes(text, Records::kKeyBytes, options.key_bytes);
            });
  flags.Add("value_bytes", "bytes of a value: 100, uniform:20-200 or zipf:20-65536",
            options.value_bytes.ToString(), [&options](const std::string& text) {
              return SetSizes(text, Records::kValueBytes, options.value_bytes);
            });
  flags.Add("seed", "of the values and of everything that is drawn at random",
            &options.seed, 0, INT64_MAX);
  flags.Add("load",
            "fill the table first; --load=false takes it as a run with the same entries, "
            "key_bytes, value_bytes and seed left it",
            &options.load);
}

void AddHow(RunOptions& options, FlagSet& flags) {
  flags.Add("callers", "operations that may be under way at once", &options.callers, 1,
            10'000);
  flags.Add("connections", "that the callers share", &options.connections, 1, 1000);
  flags.Add("rate",
            "operations a second of an open loop, at random times; without it a closed "
            "loop, as fast as the server answers",
            "",
            [&options](const std::string& text) { return SetRate(text, options.rate); });
  flags.Add(
      "ramp_p99",
      "look for the highest rate at which the p99, from when a call was due, is at "
      "most this, such as 5ms; each rate that is tried, from --rate on or 1000, has "
      "--warm_up and --duration",
      "", [&options](const std::string& text) {
        return SetObjective(text, options.ramp_p99);
      });
  flags.Add("warm_up", "load that is not measured, before the one that is",
            absl::FormatDuration(options.warm_up),
            SetDuration(options.warm_up, absl::ZeroDuration()));
  flags.Add("duration", "how long is measured", absl::FormatDuration(options.duration),
            SetDuration(options.duration, absl::Milliseconds(100)));
  flags.Add("timeout",
            "of a call, and of connecting; a call that takes longer ends the run, or of "
            "a ramp the "
            "rate that is tried",
            absl::FormatDuration(options.timeout),
            SetDuration(options.timeout, absl::Milliseconds(1)));
}

FlagSet FlagsOf(Parsed& parsed) {
  FlagSet flags;
  AddWhat(parsed, flags);
  AddData(parsed.options, flags);
  AddHow(parsed.options, flags);
  flags.Add("json", "a file for everything that was measured", &parsed.options.json);
  flags.Add("csv", "a file with a line for each second", &parsed.options.csv);
  flags.Add("html", "a file to look at: charts and tables, for a browser",
            &parsed.options.html);
  flags.Add("help", "show this", &parsed.options.help);
  return flags;
}

absl::Status CheckHotSet(const RunOptions& options) {
  if (options.keys.kind != KeyDistribution::kHotSet) return absl::OkStatus();
  if (options.keys.hot_keys * static_cast<double>(options.entries) >= 1) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "--entries=%d: the table is too small for a hot set of --hot_keys=%g of it, which "
      "is not one key; raise either",
      options.entries, options.keys.hot_keys));
}

absl::Status CheckRamp(const RunOptions& options) {
  if (!options.ramp_p99.has_value() || !options.rate.has_value() ||
      *options.rate >= RateSearch::kLowest) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrFormat(
      "--rate=%g: with --ramp_p99 it must be %g or more; raise it, or leave it out",
      *options.rate, RateSearch::kLowest));
}

absl::Status CheckTogether(const RunOptions& options) {
  if (options.connections > options.callers) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "--connections=%d: more than --callers=%d would use; lower it, or raise those",
        options.connections, options.callers));
  }
  if (options.workload.share(OperationKind::kScan) > 0 &&
      options.scan_entries > options.entries) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--entries=%d: the table is too small for scans of up to "
                        "--scan_entries=%d; raise "
                        "it, or lower those",
                        options.entries, options.scan_entries));
  }
  absl::Status status = CheckRamp(options);
  status.Update(CheckHotSet(options));
  status.Update(CheckFilesDiffer(options.json, options.csv, options.html));
  return status;
}

}  // namespace

RunOptions::RunOptions() : workload(*ParseWorkload(kDefaultWorkload)) {}

absl::StatusOr<RunOptions> ParseRunOptions(const std::vector<std::string>& arguments) {
  Parsed parsed;
  absl::Status status = FlagsOf(parsed).Parse(arguments);
  if (!status.ok()) return status;
  RunOptions& options = parsed.options;
  options.keys.kind = parsed.keys.value_or(options.workload.keys);
  status = CheckTogether(options);
  if (!status.ok()) return status;
  return std::move(options);
}

std::string RunHelp() {
  Parsed defaults;
  return "loadtest run: one workload against any server\n" + FlagsOf(defaults).Help();
}

std::string ToString(KeyDistribution::Kind kind) {
  switch (kind) {
    case KeyDistribution::kUniform:
      return "uniform";
    case KeyDistribution::kZipf:
      return "zipf";
    case KeyDistribution::kLatest:
      return "latest";
    case KeyDistribution::kHotSet:
      return "hotset";
  }
  return "?";
}

}  // namespace rcukv::loadtest
