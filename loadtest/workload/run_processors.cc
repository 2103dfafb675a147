#include "loadtest/workload/run_processors.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace rcukv::loadtest {
namespace {

// With fewer the share would be a guess: a processor has a hundred a second.
constexpr uint64_t kEnoughTicks = 10;

std::optional<ProcessorTicks> Ticks() {
  std::string line;
  std::ifstream file("/proc/stat");
  if (!std::getline(file, line)) return {};
  return ParseProcessorTicks(line);
}

// Of all threads of this process.
double OwnSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

std::optional<ProcessorTicks> ParseProcessorTicks(std::string_view stat) {
  // "cpu", then user, nice, system, idle, iowait, irq, softirq, steal; further ones are
  // parts of these.
  constexpr int kFields = 8;
  constexpr int kIdle = 3;
  constexpr int kIoWait = 4;
  std::istringstream words{std::string(stat)};
  std::string name;
  if (!(words >> name) || name != "cpu") return {};
  ProcessorTicks ticks;
  for (int field = 0; field < kFields; ++field) {
    uint64_t count;
    if (!(words >> count)) return {};
    ticks.all += count;
    if (field == kIdle || field == kIoWait) ticks.idle += count;
  }
  return ticks;
}

std::optional<ProcessorUse> UseBetween(const ProcessorTicks& from,
                                       const ProcessorTicks& to, double own) {
  if (to.all < from.all + kEnoughTicks) return {};
  const auto all = static_cast<double>(to.all - from.all);
  // The kernel's count of a processor's idle time is known to step back at times.
  const double idle = static_cast<double>(to.idle) - static_cast<double>(from.idle);
  return ProcessorUse{.busy = std::clamp(1 - idle / all, 0.0, 1.0),
                      .own = std::clamp(own / all, 0.0, 1.0)};
}

ProcessorWatch::ProcessorWatch() : ticks_(Ticks()), own_at_begin_(OwnSeconds()) {}

std::optional<ProcessorUse> ProcessorWatch::SoFar() const {
  const std::optional<ProcessorTicks> now = Ticks();
  if (!ticks_.has_value() || !now.has_value()) return {};
  return UseBetween(*ticks_, *now,
                    own_seconds() * static_cast<double>(sysconf(_SC_CLK_TCK)));
}

double ProcessorWatch::own_seconds() const { return OwnSeconds() - own_at_begin_; }

}  // namespace rcukv::loadtest
