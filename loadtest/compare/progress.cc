#include "loadtest/compare/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

constexpr absl::Duration kBetweenTwoLines = absl::Milliseconds(200);

}  // namespace

std::string TimeLeft(absl::Duration elapsed, size_t done, size_t total) {
  if (done == 0 || done > total) return "";
  const absl::Duration left =
      elapsed * (static_cast<double>(total - done) / static_cast<double>(done));
  const int64_t seconds = absl::ToInt64Seconds(left + absl::Milliseconds(500));
  if (seconds < 60) return absl::StrFormat("%d s left", seconds);
  return absl::StrFormat("%d min %d s left", seconds / 60, seconds % 60);
}

Progress::Progress(size_t total)
    : total_(total), terminal_(isatty(STDERR_FILENO) == 1), start_(absl::Now()) {}

Progress::~Progress() { Rewrite(""); }

void Progress::Say(const std::string& line) {
  Rewrite("");
  absl::FPrintF(stderr, "%s\n", line);
}

void Progress::Advance(const std::string& what) {
  ++done_;
  const absl::Time now = absl::Now();
  if (now - shown_ < kBetweenTwoLines) return;
  shown_ = now;
  Rewrite(absl::StrFormat("%d of %d measurements; %s; %s", done_, total_, what,
                          TimeLeft(now - start_, done_, total_)));
}

void Progress::EndRound(int64_t round, int64_t rounds) {
  if (terminal_) return;
  Say(absl::StrFormat("round %d of %d: %s", round + 1, rounds,
                      TimeLeft(absl::Now() - start_, done_, total_)));
}

void Progress::Rewrite(const std::string& line) {
  if (!terminal_) return;
  // What is left of a longer one is covered.
  absl::FPrintF(stderr, "\r%-*s", static_cast<int>(std::max(width_, line.size())), line);
  if (line.empty()) absl::FPrintF(stderr, "\r");
  width_ = line.size();
}

}  // namespace rcukv::loadtest
