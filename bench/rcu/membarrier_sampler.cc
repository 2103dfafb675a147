// How long each membarrier command takes while other threads of the process are busy.
//
//   membarrier_sampler --command=private_expedited --busy=7 --seconds=0.5
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "bench/sampler_process.h"
#include "bench/statistics.h"
#include "loadtest/base/flag_set.h"

namespace rcukv::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kNoRegistration = -1;

struct Command {
  const char* name;
  int command;
  int registration;
};

constexpr Command kCommands[] = {
    {"private_expedited", MEMBARRIER_CMD_PRIVATE_EXPEDITED,
     MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED},
    {"global", MEMBARRIER_CMD_GLOBAL, kNoRegistration},
    {"global_expedited", MEMBARRIER_CMD_GLOBAL_EXPEDITED,
     MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED},
};

struct Options {
  std::string command;
  int64_t busy = 0;
  double seconds = 0.5;
};

bool Membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }

// Threads that keep a CPU busy for as long as this lives.
class BusyThreads {
 public:
  explicit BusyThreads(int64_t count) {
    for (int64_t i = 0; i < count; ++i) threads_.emplace_back([this] { Spin(); });
    // relaxed: counts only.
    while (spinning_.load(std::memory_order_relaxed) < count) std::this_thread::yield();
  }
  ~BusyThreads() {
    // relaxed: it carries nothing.
    stop_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void Spin() {
    spinning_.fetch_add(1, std::memory_order_relaxed);
    while (!stop_.load(std::memory_order_relaxed)) {
    }
  }

  std::atomic<bool> stop_{false};
  std::atomic<int64_t> spinning_{0};
  std::vector<std::thread> threads_;
};

// One microsecond figure a call, for `seconds`, and at least one. Empty: it failed.
std::vector<double> TimeCalls(int command, double seconds) {
  const auto microseconds = [](Clock::duration duration) {
    return std::chrono::duration<double, std::micro>(duration).count();
  };
  std::vector<double> calls_us;
  const Clock::time_point start = Clock::now();
  Clock::time_point before = start;
  do {
    if (!Membarrier(command)) return {};
    const Clock::time_point now = Clock::now();
    calls_us.push_back(microseconds(now - before));
    before = now;
  } while (std::chrono::duration<double>(before - start).count() < seconds);
  return calls_us;
}

int Unsupported(const Command& command) {
  return SamplerUnsupported(
      absl::StrFormat("membarrier(%s): %s", command.name, strerror(errno)));
}

int TakeSample(const Command& command, const Options& options) {
  if (command.registration != kNoRegistration && !Membarrier(command.registration)) {
    return Unsupported(command);
  }
  const BusyThreads busy(options.busy);
  const std::vector<double> calls_us = TimeCalls(command.command, options.seconds);
  if (calls_us.empty()) return Unsupported(command);
  double sum_us = 0;
  for (double call_us : calls_us) sum_us += call_us;
  const Summary summary = SummaryOf(calls_us);
  return SamplerDone({{"median_us", summary.median},
                      {"mean_us", sum_us / static_cast<double>(summary.count)},
                      {"max_us", summary.max},
                      {"calls", static_cast<double>(summary.count)}});
}

int Main(const std::vector<std::string>& arguments) {
  Options options;
  loadtest::FlagSet flags;
  flags.Add("command", "private_expedited, global or global_expedited", &options.command);
  flags.Add("busy", "threads that spin", &options.busy, 0, 1000);
  flags.Add("seconds", "how long it is called", &options.seconds, 0.001, 600);
  if (absl::Status status = flags.Parse(arguments); !status.ok())
    return SamplerFailed(status);
  const auto* command =
      std::find_if(std::begin(kCommands), std::end(kCommands),
                   [&](const Command& c) { return c.name == options.command; });
  if (command == std::end(kCommands)) {
    return SamplerFailed(absl::InvalidArgumentError(
        absl::StrFormat("there is no command \"%s\"", options.command)));
  }
  EndWithParent(options.seconds);
  return TakeSample(*command, options);
}

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) { return rcukv::bench::Main({argv + 1, argv + argc}); }
