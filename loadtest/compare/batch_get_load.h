// A closed loop of BatchGets, as calls or as messages on streams: on each of some
// connections a fixed number is under way, and when one is answered the next is sent. So
// the latencies are those of a loop that waits for its answers: a slow server is sent
// fewer calls, and what would have queued up meanwhile is not seen.
//
// Every value that comes back is compared with what its key implies.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_COMPARE_BATCH_GET_LOAD_H_
#define RCUKV_LOADTEST_COMPARE_BATCH_GET_LOAD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "loadtest/base/latency_histogram.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/dataset.h"
#include "loadtest/compare/write_clock.h"

namespace rcukv::loadtest {

struct BatchGetOptions {
  int connections = 1;
  // On each connection.
  int calls_in_flight = 1;
  Rpc rpc = Rpc::kBatchGet;
  // Keys a call.
  int batch_keys = 100;
  // Of the choice of keys.
  uint64_t seed = 0;
};

struct BatchGetResult {
  uint64_t calls = 0;
  // Keys looked up.
  uint64_t reads = 0;
  // Of these, answers that no write can have led to; and what the first one was.
  uint64_t wrong = 0;
  std::string first_wrong;
  // From the first call sent to the last one answered.
  double seconds = 0;
  // The threads that sent and checked, and their CPU time.
  int threads = 0;
  double cpu_seconds = 0;
  // Of whole calls, in nanoseconds.
  LatencyHistogram latency_ns;

  // The share of the time, 0 to 1, in which the threads worked.
  double busy() const { return cpu_seconds / (threads * seconds); }

  void Merge(const BatchGetResult& other);
};

// `error`, or where answers of `result` were wrong DATA_LOSS with both: what is wrong
// must not be forgotten with the rest.
absl::Status WithWrongAnswers(const absl::Status& error, const BatchGetResult& result);

class BatchGetLoad {
 public:
  // Connects to the server at `address`. `dataset` and `writes`, the clock of whoever
  // writes to it, outlive the load.
  static absl::StatusOr<std::unique_ptr<BatchGetLoad>> Connect(
      const std::string& address, const BatchGetOptions& options, const Dataset& dataset,
      const WriteClock& writes);

  ~BatchGetLoad();

  // Sends calls for `duration`, or until the program is interrupted, and waits for the
  // last answers. The error of the first call that fails, if one does; DATA_LOSS where
  // answers were wrong until then.
  absl::StatusOr<BatchGetResult> Run(absl::Duration duration);

 private:
  class Loop;

  BatchGetLoad() = default;

  BatchGetOptions options_;
  // One for each thread.
  std::vector<std::unique_ptr<Loop>> loops_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_BATCH_GET_LOAD_H_
