#include "loadtest/workload/run_options_check.h"

#include "absl/strings/str_format.h"
#include "loadtest/base/output_file.h"
#include "loadtest/workload/rate_search.h"

namespace rcukv::loadtest {
namespace {

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

}  // namespace

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

}  // namespace rcukv::loadtest
