#include "server/history/linearizability.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"

namespace rcukv::history {
namespace {

// By key.
using Table = std::vector<Value>;

// ---- What one call does

bool AllHold(const Call& call, const Table& table) {
  return std::all_of(call.conditions.begin(), call.conditions.end(),
                     [&](const Condition& condition) {
                       return table[condition.key] == condition.value;
                     });
}

// Does an action; returns its result.
Value Perform(const Action& action, Table* table) {
  Value& value = (*table)[action.key];
  switch (action.kind) {
    case Action::Kind::kGet:
      return value;
    case Action::Kind::kPut:
      return value = action.value;
    case Action::Kind::kDelete:
      return std::exchange(value, kMissing) == kMissing ? 0 : 1;
  }
  return kMissing;
}

// Does the call. Returns whether it would have been answered as it was.
bool Apply(const Call& call, Table* table) {
  const bool succeeds = AllHold(call, *table);
  if (call.answer.has_value() && call.answer->succeeded != succeeds) return false;
  const std::vector<Action>& actions = succeeds ? call.success : call.failure;
  for (size_t i = 0; i < actions.size(); ++i) {
    const Value result = Perform(actions[i], table);
    const bool is_told = call.answer.has_value() && actions[i].kind != Action::Kind::kPut;
    if (is_told && call.answer->results.at(i) != result) return false;
  }
  return true;
}

// ---- The search

// The calls and answers that are left, in the order of their times.
class Timeline {
 public:
  static constexpr size_t kHead = 0;

  explicit Timeline(absl::Span<const Call> calls) {
    std::vector<std::pair<uint64_t, Event>> events;
    for (size_t i = 0; i < calls.size(); ++i) {
      events.push_back({calls[i].called, {.call = i, .is_answer = false}});
      events.push_back({calls[i].returned, {.call = i, .is_answer = true}});
    }
    // Those that were never answered are last, each behind its call.
    std::stable_sort(events.begin(), events.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    events_.resize(1);
    answers_.resize(calls.size());
    for (const auto& [time, event] : events) {
      if (event.is_answer) answers_[event.call] = events_.size();
      events_.push_back(event);
    }
    for (size_t i = 0; i < events_.size(); ++i) {
      events_[i].next = (i + 1) % events_.size();
      events_[i].previous = (i + events_.size() - 1) % events_.size();
    }
  }

  bool empty() const { return Next(kHead) == kHead; }
  // kHead after the last.
  size_t Next(size_t event) const { return events_[event].next; }
  bool is_answer(size_t event) const { return events_[event].is_answer; }
  size_t call(size_t event) const { return events_[event].call; }

  // Takes a call, which is there, and its answer out, and puts the one that was taken out
  // last in again.
  void TakeOut(size_t event) {
    Unlink(event);
    Unlink(answers_[call(event)]);
  }
  void PutBack(size_t event) {
    Link(answers_[call(event)]);
    Link(event);
  }

 private:
  struct Event {
    size_t call = 0;
    bool is_answer = false;
    // In a ring with kHead.
    size_t next = 0;
    size_t previous = 0;
  };

  void Unlink(size_t event) {
    events_[events_[event].previous].next = events_[event].next;
    events_[events_[event].next].previous = events_[event].previous;
  }
  void Link(size_t event) {
    events_[events_[event].previous].next = event;
    events_[events_[event].next].previous = event;
  }

  // [kHead] is none.
  std::vector<Event> events_;
  // By call.
  std::vector<size_t> answers_;
};

// Calls that have happened, a bit each.
using CallSet = std::vector<uint64_t>;

void Flip(size_t call, CallSet* set) { (*set)[call / 64] ^= uint64_t{1} << call % 64; }

Verdict Search(absl::Span<const Call> calls, size_t keys, uint64_t max_steps) {
  struct Step {
    size_t event;
    Table before;
  };
  Timeline timeline(calls);
  Table table(keys, kMissing);
  CallSet happened((calls.size() + 63) / 64);
  std::vector<Step> steps;
  absl::flat_hash_set<std::pair<CallSet, Table>> tried;
  uint64_t count = 0;
  size_t event = timeline.Next(Timeline::kHead);
  while (!timeline.empty()) {
    if (!timeline.is_answer(event)) {
      if (++count > max_steps) return Verdict::kGaveUp;
      Table after = table;
      const size_t call = timeline.call(event);
      if (Apply(calls[call], &after)) {
        Flip(call, &happened);
        if (tried.emplace(happened, after).second) {
          steps.push_back({event, std::exchange(table, std::move(after))});
          timeline.TakeOut(event);
          event = timeline.Next(Timeline::kHead);
          continue;
        }
        Flip(call, &happened);
      }
      event = timeline.Next(event);
      continue;
    }
    // The call whose answer this is must happen before it, and none that may come first
    // leads there. So another one must come in the place of the newest.
    if (steps.empty()) return Verdict::kNotLinearizable;
    event = steps.back().event;
    table = std::move(steps.back().before);
    steps.pop_back();
    Flip(timeline.call(event), &happened);
    timeline.PutBack(event);
    event = timeline.Next(event);
  }
  return Verdict::kLinearizable;
}

// ---- Keys that are joined

template <typename Visit>
void ForEachKey(const Call& call, Visit visit) {
  for (const Condition& condition : call.conditions) visit(condition.key);
  for (const Action& action : call.success) visit(action.key);
  for (const Action& action : call.failure) visit(action.key);
}

// Which keys are joined by calls, directly or not.
class Groups {
 public:
  explicit Groups(absl::Span<const Call> calls) {
    for (const Call& call : calls) {
      std::optional<Key> first;
      ForEachKey(call, [&](Key key) {
        while (parents_.size() <= key)
          parents_.push_back(static_cast<Key>(parents_.size()));
        if (first.has_value()) parents_[Of(key)] = Of(*first);
        first = key;
      });
    }
  }

  size_t keys() const { return parents_.size(); }

  // The key that stands for the group of `key`.
  Key Of(Key key) {
    while (parents_[key] != key) key = parents_[key] = parents_[parents_[key]];
    return key;
  }

 private:
  std::vector<Key> parents_;
};

}  // namespace

Verdict CheckLinearizable(absl::Span<const Call> calls, uint64_t max_steps) {
  Groups groups(calls);
  std::map<Key, std::vector<Call>> parts;
  for (const Call& call : calls) {
    std::optional<Key> any;
    ForEachKey(call, [&any](Key key) { any = key; });
    if (any.has_value()) parts[groups.Of(*any)].push_back(call);
  }
  Verdict verdict = Verdict::kLinearizable;
  for (const auto& [group, part] : parts) {
    const Verdict of_part = Search(part, groups.keys(), max_steps);
    if (of_part == Verdict::kNotLinearizable) return of_part;
    if (of_part == Verdict::kGaveUp) verdict = of_part;
  }
  return verdict;
}

}  // namespace rcukv::history
