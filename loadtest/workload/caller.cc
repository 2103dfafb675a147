#include "loadtest/workload/caller.h"

#include <algorithm>
#include <string>

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
  const std::string key = records_.Key(operation.index);
  const uint64_t oldest = ledger_.oldest(operation.index);
  CallTimes times = {.sent = Clock::now(), .answered = {}};
  const absl::StatusOr<std::optional<Value>> answer = target_.Get(key);
  times.answered = Clock::now();
  if (!answer.ok()) return answer.status();
  Check(operation.index, oldest, *answer);
  return times;
}

absl::StatusOr<CallTimes> Caller::Put(const Operation& operation) const {
  const std::string key = records_.Key(operation.index);
  const std::string value = records_.Value(operation.index, operation.number);
  CallTimes times = {.sent = Clock::now(), .answered = {}};
  const absl::StatusOr<uint64_t> revision = target_.Put(key, value, std::nullopt);
  times.answered = Clock::now();
  if (!revision.ok()) return revision.status();
  ledger_.Settle(operation.index, *revision);
  return times;
}

absl::StatusOr<CallTimes> Caller::ReadModifyWrite(const Operation& operation) const {
  const std::string key = records_.Key(operation.index);
  const std::string value = records_.Value(operation.index, operation.number);
  const uint64_t oldest = ledger_.oldest(operation.index);
  CallTimes times = {.sent = Clock::now(), .answered = {}};
  const absl::StatusOr<std::optional<Value>> read = target_.Get(key);
  if (!read.ok()) return read.status();
  const uint64_t read_revision = read->has_value() ? (*read)->mod_revision : 0;
  const absl::StatusOr<uint64_t> revision = target_.Put(key, value, read_revision);
  times.answered = Clock::now();
  Check(operation.index, oldest, *read);
  if (absl::IsFailedPrecondition(revision.status())) {
    tally_.Conflict();
    return times;
  }
  if (!revision.ok()) return revision.status();
  ledger_.Settle(operation.index, *revision);
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

void Caller::Check(size_t index, uint64_t oldest,
                   const std::optional<Value>& answer) const {
  // Its insert is under way: it may be absent, or left over from another run.
  if (oldest == 0) return;
  if (!answer.has_value()) {
    return tally_.Wrong(absl::StrFormat("key %s: not found, though revision %d wrote it",
                                        records_.Key(index), oldest));
  }
  if (answer->mod_revision < oldest) {
    return tally_.Wrong(absl::StrFormat(
        "key %s: a value of revision %d, though revision %d had been answered before the "
        "read was sent",
        records_.Key(index), answer->mod_revision, oldest));
  }
  const absl::Status status = records_.Check(index, answer->value);
  if (!status.ok()) tally_.Wrong(std::string(status.message()));
}

void Caller::CheckScanned(size_t asked, const std::vector<Entry>& entries) const {
  if (entries.size() < std::min(asked, ledger_.loaded())) {
    tally_.Wrong(absl::StrFormat("a scan of %d entries found %d, though %d were loaded",
                                 asked, entries.size(), ledger_.loaded()));
  }
  for (const Entry& entry : entries) {
    const std::optional<size_t> index = records_.IndexOf(entry.key);
    // Others are not of this run, or were inserted meanwhile.
    if (!index.has_value() || *index >= ledger_.loaded()) continue;
    const absl::Status status = records_.Check(*index, entry.value);
    if (!status.ok()) tally_.Wrong(std::string(status.message()));
  }
}

}  // namespace rcukv::loadtest
