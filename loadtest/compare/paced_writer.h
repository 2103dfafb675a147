// Writes to random keys at a fixed rate, in the background.
//
//   PacedWriter writer(*client, dataset, clock, {.writes_per_second = 1000});
//   ...
//   absl::StatusOr<PacedWriterResult> written = writer.Stop();
//
// Writes go out in small bursts, and a burst waits for the one before it to be answered:
// where the server does not keep up the rate falls, and the result shows it.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_COMPARE_PACED_WRITER_H_
#define RCUKV_LOADTEST_COMPARE_PACED_WRITER_H_

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/client.h"
#include "loadtest/compare/dataset.h"
#include "loadtest/compare/write_clock.h"

namespace rcukv::loadtest {

struct PacedWriterOptions {
  // 0: none.
  double writes_per_second = 0;
  // Of the choice of keys.
  uint64_t seed = 0;
};

struct PacedWriterResult {
  uint64_t writes = 0;
  double seconds = 0;
};

class PacedWriter {
 public:
  // Begins. What it is given outlives it.
  PacedWriter(const Client& client, const Dataset& dataset, WriteClock& clock,
              const PacedWriterOptions& options);

  // Stops.
  ~PacedWriter();

  // Waits for the last burst, and returns what was written; the error of the first write
  // that failed, which was the last one sent, if one did. Called once.
  absl::StatusOr<PacedWriterResult> Stop();

 private:
  void Run(const Client& client, const Dataset& dataset, WriteClock& clock,
           PacedWriterOptions options);
  // Waits for the time of the next burst; false when it is to stop.
  bool WaitUntil(std::chrono::steady_clock::time_point time);

  std::mutex mutex_;
  std::condition_variable stop_signal_;
  // Guarded by mutex_.
  bool stopping_ = false;
  // The thread's until it is joined.
  PacedWriterResult result_;
  absl::Status status_;
  std::thread thread_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_PACED_WRITER_H_
