// What `loadtest flip` is told.
#ifndef RCUKV_LOADTEST_FLIP_FLIP_OPTIONS_H_
#define RCUKV_LOADTEST_FLIP_FLIP_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "loadtest/flip/flip_setting.h"

namespace rcukv::loadtest {

struct FlipOptions {
  // The first is the one that the others are compared with.
  std::vector<FlipSetting> settings = DefaultFlipSettings();
  // Each has its turn so often.
  int64_t rounds = 6;
  // Of a turn: a phase.
  absl::Duration duration = absl::Seconds(5);
  // Between two samples.
  absl::Duration interval = absl::Milliseconds(250);

  // The load: open loops. A second; and how many calls may be under way at once.
  double rate = 10'000;
  double write_rate = 1'000;
  int64_t callers = 64;
  int64_t write_callers = 256;

  // The data.
  int64_t entries = 100'000;
  int64_t value_bytes = 100;
  int64_t seed = 1;
  std::string table = "default";

  // Of a server that runs; empty: one is started.
  std::string address;
  std::string admin_address;
  // Empty: found beside this program.
  std::string server_binary;

  // Files; empty: none.
  std::string json;
  std::string csv;
  std::string html;
  bool help = false;

  // What follows upon a switch is not in a phase's figures.
  absl::Duration settling() const { return duration / 5; }
};

// INVALID_ARGUMENT names the argument and what it must be, or which do not go together.
absl::StatusOr<FlipOptions> ParseFlipOptions(const std::vector<std::string>& arguments);

std::string FlipHelp();

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_FLIP_FLIP_OPTIONS_H_
