// Whether the machine of the client had processors to spare while it loaded the server.
//
//   const ProcessorWatch watch;
//   ... the load ...
//   const std::optional<ProcessorUse> use = watch.SoFar();
#ifndef RCUKV_LOADTEST_WORKLOAD_RUN_PROCESSORS_H_
#define RCUKV_LOADTEST_WORKLOAD_RUN_PROCESSORS_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace rcukv::loadtest {

// Shares of the time of all processors of the machine, 0 to 1.
struct ProcessorUse {
  // In which they worked, for whomever; what a hypervisor took away is in it.
  double busy = 0;
  // In which they worked for this program.
  double own = 0;
};

// In ticks of the kernel, of all processors together.
struct ProcessorTicks {
  uint64_t all = 0;
  uint64_t idle = 0;
};

// Of the first line of /proc/stat. Nothing where it is not such a line.
std::optional<ProcessorTicks> ParseProcessorTicks(std::string_view stat);

// From one time to a later one, in which this program worked for `own` ticks. Nothing
// where that was too short, below some 0.1 s.
std::optional<ProcessorUse> UseBetween(const ProcessorTicks& from,
                                       const ProcessorTicks& to, double own);

// Thread safety: any thread; it is of the whole process.
class ProcessorWatch {
 public:
  // Begins.
  ProcessorWatch();

  // Nothing where it was too short a time, or where the kernel does not say.
  std::optional<ProcessorUse> SoFar() const;

  // For how long this program had a processor so far, all of its threads together.
  double own_seconds() const;

 private:
  const std::optional<ProcessorTicks> ticks_;
  const double own_at_begin_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RUN_PROCESSORS_H_
