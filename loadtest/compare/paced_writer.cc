#include "loadtest/compare/paced_writer.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "clients/cpp/bulk_writer.h"
#include "loadtest/base/random.h"

namespace rcukv::loadtest {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

// Often enough that grace periods never pause, seldom enough that pacing costs nothing.
constexpr double kMaxBurstsPerSecond = 200;

}  // namespace

PacedWriter::PacedWriter(const Client& client, const Dataset& dataset, WriteClock& clock,
                         const PacedWriterOptions& options)
    : thread_([this, &client, &dataset, &clock, options] {
        if (options.writes_per_second > 0) Run(client, dataset, clock, options);
      }) {}

PacedWriter::~PacedWriter() {
  if (thread_.joinable()) (void)Stop();
}

absl::StatusOr<PacedWriterResult> PacedWriter::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_signal_.notify_one();
  thread_.join();
  if (!status_.ok()) return status_;
  return result_;
}

bool PacedWriter::WaitUntil(Clock::time_point time) {
  std::unique_lock lock(mutex_);
  return !stop_signal_.wait_until(lock, time, [this] { return stopping_; });
}

void PacedWriter::Run(const Client& client, const Dataset& dataset, WriteClock& clock,
                      PacedWriterOptions options) {
  const double bursts_per_second =
      std::min(options.writes_per_second, kMaxBurstsPerSecond);
  const double burst_writes = options.writes_per_second / bursts_per_second;
  const Seconds burst_interval(1 / bursts_per_second);

  Random random(options.seed);
  BulkWriter writer(client);
  const Clock::time_point start = Clock::now();
  Clock::time_point next = start;
  double due = 0;
  do {
    for (due += burst_writes; due >= 1; --due) {
      const size_t index = random.Below(dataset.size());
      const uint64_t generation = clock.Next();
      writer.Put(dataset.key(index), dataset.Value(index, generation));
    }
    writer.Flush();
    if (const auto failures = writer.TakeFailures(); !failures.empty()) {
      status_ = failures.front().status;
      break;
    }
    // What could not be sent in time is not made up for.
    next = std::max(next + std::chrono::duration_cast<Clock::duration>(burst_interval),
                    Clock::now());
  } while (WaitUntil(next));
  result_ = {.writes = writer.written(),
             .seconds = Seconds(Clock::now() - start).count()};
}

}  // namespace rcukv::loadtest
