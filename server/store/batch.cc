#include "server/store/batch.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/table/printable.h"

namespace rcukv {
namespace {

absl::Status MismatchError(const Write& write, bool exists, uint64_t mod_revision) {
  return absl::FailedPreconditionError(absl::StrCat(
      "key ", Printable(write.key), " of table ", Printable(write.table->name()),
      " has mod_revision ", mod_revision, exists ? "" : " (it does not exist)",
      ", expected ", *write.expected_mod_revision));
}

}  // namespace

void BatchAnswers::SetAll(const absl::Status& status) {
  for (auto& answer : writes) answer = status;
  for (auto& answer : transactions) answer = status;
}

void Batch::Add(const Write& write) { answers_.writes.push_back(Evaluate(write)); }

absl::Status Batch::CheckSizes(std::string_view key, std::string_view value) {
  if (key.empty()) return absl::InvalidArgumentError("key: empty");
  if (key.size() > rcu::Entry::kMaxKeyBytes) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "key: %d bytes, over the limit of %d", key.size(), rcu::Entry::kMaxKeyBytes));
  }
  if (value.size() > rcu::Entry::kMaxValueBytes) {
    return absl::InvalidArgumentError(
        absl::StrFormat("value: %d bytes, over the limit of %d", value.size(),
                        rcu::Entry::kMaxValueBytes));
  }
  return absl::OkStatus();
}

absl::Status Batch::DroppedError(const Table& table) {
  return absl::NotFoundError(absl::StrCat("table ", Printable(table.name()),
                                          " was deleted while the write was waiting"));
}

absl::StatusOr<WriteResult> Batch::Evaluate(const Write& write) {
  absl::Status status =
      CheckSizes(write.key, write.value ? *write.value : std::string_view());
  if (!status.ok()) return status;
  KeyState& state = StateOf(*write.table, write.key);
  // After the lookup: who finds a key cleared finds this as well.
  if (write.table->dropped()) return DroppedError(*write.table);
  if (write.expected_mod_revision && *write.expected_mod_revision != state.mod_revision) {
    return MismatchError(write, state.exists, state.mod_revision);
  }
  Table* const table = write.table.get();
  const uint64_t next = revision_ + 1;
  if (!write.value) {
    const bool existed = Delete(table, write.key, next, state);
    return WriteResult{.revision = revision_, .deleted = existed};
  }
  status = Put(table, write.key, *write.value, next, state);
  if (!status.ok()) return status;
  return WriteResult{.revision = revision_};
}

Batch::KeyState& Batch::StateOf(const Table& table, std::string_view key) {
  const auto [found, is_new] = states_.try_emplace({&table, key});
  KeyState& state = found->second;
  if (!is_new) return state;
  table.LookupOne(key, [&state](const rcu::Entry* entry) {
    if (entry == nullptr) return;
    state = {.exists = true,
             .mod_revision = entry->mod_revision(),
             .create_revision = entry->create_revision(),
             .entry_bytes = entry->allocated_bytes()};
  });
  return state;
}

void Batch::LookUp(const Table& table, std::string_view key,
                   absl::FunctionRef<void(const rcu::Entry*)> visit) const {
  const auto found = states_.find({&table, key});
  if (found == states_.end()) return table.LookupOne(key, visit);
  const KeyState& state = found->second;
  if (!state.exists) return visit(nullptr);
  if (state.change == KeyState::kNone) return table.LookupOne(key, visit);
  visit(changes_[state.change].entry.get());
}

absl::Status Batch::Put(Table* table, std::string_view key, std::string_view value,
                        uint64_t revision, KeyState& state) {
  const uint64_t create_revision = state.exists ? state.create_revision : revision;
  rcu::EntryPtr entry = rcu::Entry::New(
      key, value, {.mod_revision = revision, .create_revision = create_revision});
  const uint64_t bytes = entry->allocated_bytes();
  if (absl::Status status = Charge(state.entry_bytes, bytes); !status.ok()) return status;
  state = {.exists = true,
           .change = static_cast<uint32_t>(changes_.size()),
           .mod_revision = revision,
           .create_revision = create_revision,
           .entry_bytes = bytes};
  revision_ = revision;
  changes_.push_back({table, key, revision, std::move(entry)});
  return absl::OkStatus();
}

bool Batch::Delete(Table* table, std::string_view key, uint64_t revision,
                   KeyState& state) {
  if (!state.exists) return false;
  budget_.used_bytes = UsedWithout(state.entry_bytes);
  state = {};
  revision_ = revision;
  changes_.push_back({table, key, revision, nullptr});
  return true;
}

absl::Status Batch::Charge(uint64_t old_bytes, uint64_t new_bytes) {
  const uint64_t used = UsedWithout(old_bytes) + new_bytes;
  if (new_bytes > old_bytes && used > budget_.limit_bytes) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "the tables take %d bytes, and %d more would exceed the memory limit of %d; "
        "delete something, or raise the limit",
        budget_.used_bytes, new_bytes - old_bytes, budget_.limit_bytes));
  }
  budget_.used_bytes = used;
  return absl::OkStatus();
}

}  // namespace rcukv
