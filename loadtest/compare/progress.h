// How far a comparison is, on stderr: one line that is rewritten where that is a
// terminal, otherwise a line a round.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_COMPARE_PROGRESS_H_
#define RCUKV_LOADTEST_COMPARE_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace rcukv::loadtest {

// "4 min 20 s left", as the rest takes as long in proportion as what is done did.
std::string TimeLeft(absl::Duration elapsed, size_t done, size_t total);

class Progress {
 public:
  // `total` measurements in all.
  explicit Progress(size_t total);

  // Ends the line that is rewritten.
  ~Progress();

  // A line of its own.
  void Say(const std::string& line);

  // The measurements begin.
  void Start() { start_ = absl::Now(); }

  // One more is done; `what` is what the next ones are of.
  void Advance(const std::string& what);

  void EndRound(int64_t round, int64_t rounds);

 private:
  void Rewrite(const std::string& line);

  const size_t total_;
  const bool terminal_;
  absl::Time start_;
  absl::Time shown_ = absl::InfinitePast();
  size_t done_ = 0;
  // Characters of the line that is rewritten.
  size_t width_ = 0;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_PROGRESS_H_
