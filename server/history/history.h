// What concurrent clients did to a table, as they saw it: the input of a check.
#ifndef RCUKV_SERVER_HISTORY_HISTORY_H_
#define RCUKV_SERVER_HISTORY_HISTORY_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace rcukv::history {

// A key by its number, from 0 on and without gaps.
using Key = uint32_t;
// A value by its number. kMissing: there is no such key, as in all keys at the beginning.
using Value = uint32_t;
inline constexpr Value kMissing = 0;

struct Action {
  enum class Kind { kGet, kPut, kDelete };

  Kind kind = Kind::kGet;
  Key key = 0;
  // Of a put.
  Value value = kMissing;
};

// The key has the value.
struct Condition {
  Key key = 0;
  Value value = kMissing;
};

struct Answer {
  // Whether all conditions held.
  bool succeeded = true;
  // One for each action that was done. Get: the value that was found; delete: 1 if the
  // key existed, else 0; put: anything.
  std::vector<Value> results = {};
};

// A call of any kind, as a transaction: a snapshot has gets alone, a compare-and-swap has
// one condition and one put.
struct Call {
  static constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max();

  // When it was made, and answered: by a clock that gives each time once.
  uint64_t called = 0;
  uint64_t returned = kNever;
  std::vector<Condition> conditions = {};
  // Done if all conditions hold, and otherwise.
  std::vector<Action> success = {};
  std::vector<Action> failure = {};
  // Nothing: whether it happened is not known, nor what it would have answered. Then
  // `returned` is kNever: it may happen at any time from `called` on.
  std::optional<Answer> answer = std::nullopt;
};

}  // namespace rcukv::history

#endif  // RCUKV_SERVER_HISTORY_HISTORY_H_
