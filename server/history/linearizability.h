// Whether a history could have come from a table whose calls happen one after another,
// each at some moment between its call and its answer.
//
// The search is that of Wing and Gong (Testing and Verifying Concurrent Objects, 1993),
// with Lowe's memory of what was tried (Testing for linearizability, 2017): it tries the
// calls that may come next, and returns where one that must have happened contradicts
// what it was answered. Its time is exponential in the number of calls that are open at
// once, not in their total.
//
// Keys that no call joins are checked apart from one another: that is linearizability's
// own property, and what makes histories of single-key calls quick.
#ifndef RCUKV_SERVER_HISTORY_LINEARIZABILITY_H_
#define RCUKV_SERVER_HISTORY_LINEARIZABILITY_H_

#include <cstdint>

#include "absl/types/span.h"
#include "server/history/history.h"

namespace rcukv::history {

enum class Verdict {
  kLinearizable,
  kNotLinearizable,
  // It would take more than max_steps.
  kGaveUp,
};

// `max_steps`: calls tried, for each group of keys that are joined.
//
// Thread safety: a function of its arguments alone.
Verdict CheckLinearizable(absl::Span<const Call> calls, uint64_t max_steps = 20'000'000);

}  // namespace rcukv::history

#endif  // RCUKV_SERVER_HISTORY_LINEARIZABILITY_H_
