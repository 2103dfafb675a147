// Takes one sample of `bench serve`: sampler WORK [--flag=value ...]. The server is there
// already; its process is only looked at.
#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "bench/counter.h"
#include "bench/figures.h"
#include "bench/sampler_process.h"
#include "bench/serve/cpu_clock.h"
#include "bench/serve/health_checks.h"
#include "bench/serve/load.h"
#include "bench/serve/peer_load.h"
#include "bench/serve/rcukv_load.h"
#include "bench/serve/sample_options.h"

namespace rcukv::bench {
namespace {

using Clock = Window::Clock;

// At most, by Puts one by one.
constexpr double kFillSeconds = 600;
constexpr double kNanosecondsPerMicrosecond = 1000;

Clock::duration Nanoseconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(seconds));
}

bool IsOurs(const ServeSampleOptions& options) {
  return options.protocol == Protocol::kRcukv;
}

// What can be read at one moment.
struct Reading {
  Clock::time_point time;
  double keys;
  // Nothing, where nobody's is asked for.
  std::optional<double> server_seconds;
  double client_seconds;
};

Reading Read(const Load& load, const std::optional<CpuClock>& server) {
  return {.time = Clock::now(),
          .keys = Sum(load.answered()),
          .server_seconds =
              server.has_value() ? std::optional(server->Seconds()) : std::nullopt,
          .client_seconds = CpuClock::OfThisProcess().Seconds()};
}

// Without a CPU time a key where no key was answered.
Figures FiguresBetween(const Reading& begin, const Reading& end) {
  const double seconds = std::chrono::duration<double>(end.time - begin.time).count();
  const double keys = end.keys - begin.keys;
  Figures figures = {{"keys_per_second", keys / seconds}};
  if (keys == 0) return figures;
  const double us_per_key = 1e6 / keys;
  figures["client_cpu_us_per_key"] =
      (end.client_seconds - begin.client_seconds) * us_per_key;
  if (!end.server_seconds.has_value()) return figures;
  figures["server_cpu_us_per_key"] =
      (*end.server_seconds - *begin.server_seconds) * us_per_key;
  figures["cpu_us_per_key"] =
      figures["server_cpu_us_per_key"] + figures["client_cpu_us_per_key"];
  return figures;
}

absl::StatusOr<Figures> WatchClosed(const ServeSampleOptions& options,
                                    const std::optional<CpuClock>& server) {
  auto load = IsOurs(options) ? StartRcukvLoad(options) : StartPeerLoad(options);
  if (!load.ok()) return load.status();
  WaitUntilAllMove((*load)->answered());
  SleepFor(WarmUpSeconds(options.seconds));
  const Reading begin = Read(**load, server);
  SleepFor(options.seconds);
  const Reading end = Read(**load, server);
  (*load)->Stop();
  return FiguresBetween(begin, end);
}

// Those beside an open loop; null where there are none. They write when this returns.
absl::StatusOr<std::unique_ptr<Load>> StartWriters(const ServeSampleOptions& options) {
  if (options.writers == 0) return nullptr;
  ServeSampleOptions puts = options;
  puts.work = Work::kPut;
  puts.callers = options.writers;
  auto load = StartRcukvLoad(puts);
  if (load.ok()) WaitUntilAllMove((*load)->answered());
  return load;
}

double PutsOf(const Load* writers) {
  return writers == nullptr ? 0 : Sum(writers->answered());
}

absl::StatusOr<Figures> WatchPaced(const ServeSampleOptions& options,
                                   const std::optional<CpuClock>& server) {
  // A thread sleeps as long as it says, not 50 us more.
  prctl(PR_SET_TIMERSLACK, 1);
  const auto writers = StartWriters(options);
  if (!writers.ok()) return writers.status();
  const Clock::time_point start = Clock::now();
  const Clock::time_point begin = start + Nanoseconds(WarmUpSeconds(options.seconds));
  const Window window = {start, begin, begin + Nanoseconds(options.seconds)};
  auto load = IsOurs(options) ? StartPacedRcukvLoad(options, window)
                              : StartPacedPeerLoad(options, window);
  if (!load.ok()) return load.status();
  std::this_thread::sleep_until(window.begin);
  const Reading first = Read(**load, server);
  const double first_puts = PutsOf(writers->get());
  std::this_thread::sleep_until(window.end);
  const Reading last = Read(**load, server);
  const double last_puts = PutsOf(writers->get());
  (*load)->Stop();
  Figures figures = FiguresBetween(first, last);
  if (*writers != nullptr) {
    (*writers)->Stop();
    figures["puts_per_second"] = (last_puts - first_puts) / options.seconds;
  }
  const loadtest::LatencyHistogram& latency_ns = (*load)->latency_ns();
  for (const auto& [name, percent] :
       {std::pair("p50_us", 50.0), std::pair("p99_us", 99.0), std::pair("p999_us", 99.9),
        std::pair("max_us", 100.0)}) {
    figures[name] =
        static_cast<double>(latency_ns.Percentile(percent)) / kNanosecondsPerMicrosecond;
  }
  return figures;
}

absl::StatusOr<Figures> Fill(const ServeSampleOptions& options) {
  const Clock::time_point start = Clock::now();
  if (absl::Status status = IsOurs(options) ? FillRcukv(options) : FillPeer(options);
      !status.ok()) {
    return status;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return Figures{{"fill_seconds", seconds}};
}

absl::StatusOr<Figures> TakeSample(const ServeSampleOptions& options) {
  if (options.work == Work::kFill) return Fill(options);
  std::optional<CpuClock> server;
  if (options.pid != 0) {
    const absl::StatusOr<CpuClock> clock = CpuClock::Of(static_cast<pid_t>(options.pid));
    if (!clock.ok()) return clock.status();
    server = *clock;
  }
  auto checks = HealthChecks::Start(options);
  if (!checks.ok()) return checks.status();
  auto figures = options.work == Work::kPaced ? WatchPaced(options, server)
                                              : WatchClosed(options, server);
  if (absl::Status status = checks->status(); !status.ok()) return status;
  return figures;
}

int Main(const std::vector<std::string>& arguments) {
  const absl::StatusOr<ServeSampleOptions> options = ParseServeSample(arguments);
  if (!options.ok()) return SamplerFailed(options.status());
  // Debian's Abseil looks for deadlocks of its mutexes, which are gRPC's too, at a cost;
  // the server and the command line turn it off as well.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  if (options->work == Work::kHealth) return SamplerFailed(CheckHealthForever(*options));
  EndWithParent(options->work == Work::kFill ? kFillSeconds : options->seconds);
  const absl::StatusOr<Figures> figures = TakeSample(*options);
  return figures.ok() ? SamplerDone(*figures) : SamplerFailed(figures.status());
}

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) { return rcukv::bench::Main({argv + 1, argv + argc}); }
