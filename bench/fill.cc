#include "bench/fill.h"

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "loadtest/child_process.h"
#include "loadtest/interrupt.h"

namespace rcukv::bench {

absl::Status Fill(const Arm& arm) {
  constexpr absl::Duration kPollInterval = absl::Milliseconds(10);
  constexpr size_t kLastWords = 3;
  const auto filler = loadtest::ChildProcess::Start(arm.command);
  if (!filler.ok()) return filler.status();
  while (!(*filler)->HasEnded()) {
    if (loadtest::SleepUnlessInterrupted(kPollInterval)) {
      return absl::CancelledError("interrupted");
    }
  }
  if ((*filler)->Succeeded()) return absl::OkStatus();
  return absl::InternalError(
      absl::StrFormat("%s cannot be filled: %s", arm.label,
                      absl::StrJoin((*filler)->LastLines(kLastWords), "\n")));
}

}  // namespace rcukv::bench
