// Looks for the highest rate that meets an objective, by trying.
//
//   RateSearch search(/*first=*/1000);
//   while (!search.done()) search.Report(Meets(search.next()));
//   if (search.best() > 0) ...
//
// From the first rate it doubles until one misses, or halves until one meets; then it
// takes the geometric middle between the highest that met and the lowest that missed,
// until these are within 5 %.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_RATE_SEARCH_H_
#define RCUKV_LOADTEST_WORKLOAD_RATE_SEARCH_H_

#include <cmath>

namespace rcukv::loadtest {

class RateSearch {
 public:
  static constexpr double kPrecision = 1.05;
  // Nothing lower or higher is tried.
  static constexpr double kLowest = 1;
  static constexpr double kHighest = 1e8;

  // kLowest to kHighest.
  explicit RateSearch(double first) : next_(first) {}

  bool done() const { return done_; }

  // The rate to try.
  double next() const { return next_; }

  // Whether next() met the objective.
  void Report(bool met) {
    (met ? best_ : missed_) = next_;
    if (missed_ == 0) {
      next_ = best_ * 2;
    } else if (best_ == 0) {
      next_ = missed_ / 2;
    } else {
      next_ = std::sqrt(best_ * missed_);
    }
    const bool close = missed_ > 0 && best_ > 0 && missed_ <= best_ * kPrecision;
    done_ = close || next_ < kLowest || next_ > kHighest;
  }

  // The highest that met it so far; 0: none did.
  double best() const { return best_; }

 private:
  double next_;
  double best_ = 0;
  // The lowest that missed; 0: none did.
  double missed_ = 0;
  bool done_ = false;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_RATE_SEARCH_H_
