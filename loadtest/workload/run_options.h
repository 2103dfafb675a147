// What `loadtest run` is told.
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_OPTIONS_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "loadtest/workload/key_chooser.h"
#include "loadtest/workload/sizes.h"
#include "loadtest/workload/workload.h"

namespace rcukv::loadtest {

struct RunOptions {
  // Where nothing else is said: of a closed loop, and of an open one, which is to go on
  // sending while a server is slow.
  static constexpr int64_t kClosedCallers = 32;
  static constexpr int64_t kOpenCallers = 1000;

  RunOptions();

  // What it is against.
  std::string address = "127.0.0.1:7700";
  // Of its AdminService, which is asked what it is; empty: it is not asked.
  std::string admin_address;
  std::string table = "default";

  // What is done, and to which keys.
  Workload workload;
  KeyDistribution keys;
  // The most that a scan reads.
  int64_t scan_entries = 100;
  // Keys that a get reads.
  int64_t batch = 1;

  // The data.
  int64_t entries = 100'000;
  Sizes key_bytes = Sizes(Sizes::kFixed, {24, 24});
  Sizes value_bytes = Sizes(Sizes::kFixed, {100, 100});
  int64_t seed = 1;
  // Whether to fill the table, or take it as an earlier run with the same data left it.
  bool load = true;

  // How.
  // Operations that may be under way at once.
  int64_t callers = kClosedCallers;
  int64_t connections = 1;
  // Operations a second of an open loop; absent: a closed loop. Of a ramp, the first.
  std::optional<double> rate;
  // The objective of a ramp: the p99 from when a call was due. Absent: no ramp.
  std::optional<absl::Duration> ramp_p99;
  absl::Duration warm_up = absl::Seconds(2);
  absl::Duration duration = absl::Seconds(30);
  absl::Duration timeout = absl::Seconds(5);
  // For how long each loop is measured that shows what the client costs by itself; 0:
  // none is.
  absl::Duration overhead = absl::Seconds(1);

  // Files; empty: none.
  std::string json;
  std::string csv;
  std::string html;
  bool help = false;
};

// INVALID_ARGUMENT names the argument and what it must be, or which do not go together.
absl::StatusOr<RunOptions> ParseRunOptions(const std::vector<std::string>& arguments);

std::string RunHelp();

// "uniform", "zipf", "latest", "hotset".
std::string ToString(KeyDistribution::Kind kind);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_OPTIONS_H_
