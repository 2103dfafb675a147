#include "loadtest/workload/caller.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_format.h"

namespace rcukv::loadtest {
namespace {

using Clock = CallTimes::Clock;

}  // namespace

absl::StatusOr<CallTimes> Caller::Do(const Operation& operation) const {
  switch (operation.kind) {
    case OperationKind::kGet:
      return Get(operation);
    case OperationKind::kPut:
    case OperationKind::kInsert:
      return Put(operation);
    case OperationKind::kReadModifyWrite:
      return ReadModifyWrite(operation);
    case OperationKind::kScan:
      return Scan(operation);
  }
  return absl::InternalError("no such kind of operation");
}

absl::StatusOr<CallTimes> Caller::Get(const Operation& operation) const {
  if (!operation.more.empty()) return BatchGet(operation);
  const std::string key = records_.Key(operation.index);
  const Settled oldest = ledger_.newest(operation.index);
  CallTimes times = {.sent = Clock::now(), .answered = {}};
  const absl::StatusOr<std::optional<Value>> answer = target_.Get(key);
  times.answered = Clock::now();
  if (!answer.ok()) return answer.status();
  Check(operation.index, oldest, ViewOf(*answer));
  return times;
}

void Caller::DoAsync(const Operation& operation, Done done) const {
  if (!operation.more.empty()) return BatchGetAsync(operation, std::move(done));
  const size_t index = operation.index;
  const std::string key = records_.Key(index);
  const Settled oldest = ledger_.newest(index);
  const Clock::time_point sent = Clock::now();
  target_.GetAsync(key, [this, index, oldest, sent, done = std::move(done)](
                            absl::StatusOr<std::optional<Value>> answer) mutable {
    const CallTimes times = {.sent = sent, .answered = Clock::now()};
    if (!answer.ok()) return done(answer.status());
    Check(index, oldest, ViewOf(*answer));
    done(times);
  });
}

Caller::Asked Caller::Ask(const Operation& operation) const {
  Asked asked = {.indices = {operation.index}, .keys = {}, .oldest = {}};
  asked.indices.insert(asked.indices.end(), operation.more.begin(), operation.more.end());
  for (const size_t index : asked.indices) {
    asked.keys.push_back(records_.Key(index));
    asked.oldest.push_back(ledger_.newest(index));
  }
  return asked;
}

absl::StatusOr<CallTimes> Caller::BatchGet(const Operation& operation) const {
  const Asked asked = Ask(operation);
  CallTimes times = {.sent = Clock::now(), .answered = {}};
  const absl::Status status = target_.BatchGet(asked.keys, [&](Target::Found found) {
    times.answered = Clock::now();
    CheckBatch(asked, found);
  });
  if (!status.ok()) return status;
  return times;
}

void Caller::BatchGetAsync(const Operation& operation, Done done) const {
  // Shared: the keys are to be there while the call begins, the rest until it is over.
  const auto asked = std::make_shared<const Asked>(Ask(operation));
  const Clock::time_point sent = Clock::now();
  target_.BatchGetAsync(
      asked->keys, [this, asked, sent, done = std::move(done)](
                       const absl::StatusOr<Target::Found>& found) mutable {
        const CallTimes times = {.sent = sent, .answered = Clock::now()};
        if (!found.ok()) return done(found.status());
        CheckBatch(*asked, *found);
        done(times);
      });
}

absl::StatusOr<CallTimes> Caller::Put(const Operation& operation) const {
  const std::string key = records_.Key(operation.index);
  const std::string value = records_.Value(operation.index, operation.number);
  const Settled oldest = ledger_.newest(operation.index);
  CallTimes times = {.sent = Clock::now(), .answered = {}};
  const absl::StatusOr<uint64_t> revision = target_.Put(key, value, std::nullopt);
  times.answered = Clock::now();
  if (!revision.ok()) return revision.status();
  Settle(operation, oldest, *revision);
  return times;
}

absl::StatusOr<CallTimes> Caller::ReadModifyWrite(const Operation& operation) const {
  const std::string key = records_.Key(operation.index);
  const std::string value = records_.Value(operation.index, operation.number);
  const Settled oldest = ledger_.newest(operation.index);
  CallTimes times = {.sent = Clock::now(), .answered = {}};
  const absl::StatusOr<std::optional<Value>> read = target_.Get(key);
  if (!read.ok()) return read.status();
  const uint64_t read_revision = read->has_value() ? (*read)->mod_revision : 0;
  const absl::StatusOr<uint64_t> revision = target_.Put(key, value, read_revision);
  times.answered = Clock::now();
  Check(operation.index, oldest, ViewOf(*read));
  if (absl::IsFailedPrecondition(revision.status())) {
    tally_.Conflict();
    return times;
  }
  if (!revision.ok()) return revision.status();
  Settle(operation, oldest, *revision);
  return times;
}

absl::StatusOr<CallTimes> Caller::Scan(const Operation& operation) const {
  CallTimes times = {.sent = Clock::now(), .answered = {}};
  const absl::StatusOr<std::vector<Entry>> entries = target_.Scan(operation.scanned);
  times.answered = Clock::now();
  if (!entries.ok()) return entries.status();
  CheckScanned(operation.scanned, *entries);
  return times;
}

void Caller::Settle(const Operation& operation, const Settled& oldest,
                    uint64_t revision) const {
  if (revision <= oldest.revision) {
    tally_.Wrong(absl::StrFormat(
        "key %s: a write of revision %d, though revision %d had been answered before it "
        "was sent",
        records_.Key(operation.index), revision, oldest.revision));
  }
  ledger_.Settle(operation.index, revision, operation.number);
}

void Caller::Check(size_t index, const Settled& oldest,
                   const std::optional<ValueView>& answer) const {
  if (oldest.revision == 0) {
    return answer.has_value() ? CheckInserted(index, *answer) : tally_.Unchecked();
  }
  if (!answer.has_value()) {
    return tally_.Wrong(absl::StrFormat("key %s: not found, though revision %d wrote it",
                                        records_.Key(index), oldest.revision));
  }
  if (answer->mod_revision < oldest.revision) {
    return tally_.Wrong(absl::StrFormat(
        "key %s: a value of revision %d, though revision %d had been answered before the "
        "read was sent",
        records_.Key(index), answer->mod_revision, oldest.revision));
  }
  CheckValue(index, oldest, *answer);
}

void Caller::CheckBatch(const Asked& asked, Target::Found found) const {
  if (found.size() != asked.indices.size()) {
    return tally_.Wrong(absl::StrFormat("a get of %d keys was answered with %d values",
                                        asked.indices.size(), found.size()));
  }
  for (size_t i = 0; i < found.size(); ++i) {
    Check(asked.indices[i], asked.oldest[i], found[i]);
  }
}

void Caller::CheckInserted(size_t index, const ValueView& answer) const {
  // By now it may have been answered.
  const Settled settled = ledger_.newest(index);
  const bool ours = settled.revision > 0 && answer.mod_revision >= settled.revision;
  ours ? CheckValue(index, settled, answer) : tally_.Unchecked();
}

void Caller::CheckValue(size_t index, const Settled& settled,
                        const ValueView& answer) const {
  const absl::Status status = records_.Check(index, answer.value);
  if (!status.ok()) return tally_.Wrong(std::string(status.message()));
  const uint64_t number = Records::NumberOf(answer.value);
  if (answer.mod_revision != settled.revision || settled.MayBeOf(number)) return;
  tally_.Wrong(absl::StrFormat(
      "key %s: what operation %d wrote, as of revision %d, which is of another",
      records_.Key(index), number, settled.revision));
}

void Caller::CheckScanned(size_t asked, const std::vector<Entry>& entries) const {
  if (entries.size() < std::min(asked, ledger_.loaded())) {
    tally_.Wrong(absl::StrFormat("a scan of %d entries found %d, though %d were loaded",
                                 asked, entries.size(), ledger_.loaded()));
  }
  absl::flat_hash_set<std::string_view> keys;
  for (const Entry& entry : entries) {
    if (!keys.insert(entry.key).second) {
      tally_.Wrong(absl::StrFormat("a scan found key %s twice", entry.key));
    }
    CheckEntry(entry);
  }
}

void Caller::CheckEntry(const Entry& entry) const {
  const std::optional<size_t> index = records_.IndexOf(entry.key);
  // Others are not of this run.
  if (!index.has_value() || !ledger_.Has(*index)) return;
  const ValueView value = {.value = entry.value, .mod_revision = entry.mod_revision};
  if (*index < ledger_.loaded()) {
    CheckValue(*index, ledger_.newest(*index), value);
  } else {
    CheckInserted(*index, value);
  }
}

}  // namespace rcukv::loadtest
