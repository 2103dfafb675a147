#include "server/store/batch.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/table/printable.h"

namespace rcukv {
namespace {

// The server's limits are lower; this holds whatever they are set to.
absl::Status CheckSizes(const Write& write) {
  if (write.key.empty()) return absl::InvalidArgumentError("key: empty");
  if (write.key.size() > rcu::Entry::kMaxKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrFormat("key: %d bytes, over the limit of %d", write.key.size(),
                        rcu::Entry::kMaxKeyBytes));
  }
  if (write.value && write.value->size() > rcu::Entry::kMaxValueBytes) {
    return absl::InvalidArgumentError(
        absl::StrFormat("value: %d bytes, over the limit of %d", write.value->size(),
                        rcu::Entry::kMaxValueBytes));
  }
  return absl::OkStatus();
}

absl::Status MismatchError(const Write& write, bool exists, uint64_t mod_revision) {
  return absl::FailedPreconditionError(absl::StrCat(
      "key ", Printable(write.key), " of table ", Printable(write.table->name()),
      " has mod_revision ", mod_revision, exists ? "" : " (it does not exist)",
      ", expected ", *write.expected_mod_revision));
}

}  // namespace

void Batch::Add(const Write& write) { answers_.push_back(Evaluate(write)); }

absl::StatusOr<WriteResult> Batch::Evaluate(const Write& write) {
  if (absl::Status status = CheckSizes(write); !status.ok()) return status;
  if (write.table->dropped()) {
    return absl::NotFoundError(absl::StrCat("table ", Printable(write.table->name()),
                                            " was deleted while the write was waiting"));
  }
  KeyState& state = StateOf(write);
  if (write.expected_mod_revision && *write.expected_mod_revision != state.mod_revision) {
    return MismatchError(write, state.exists, state.mod_revision);
  }
  if (write.value) return Put(write, state);
  return Delete(write, state);
}

Batch::KeyState& Batch::StateOf(const Write& write) {
  const std::string_view key = write.key;
  const auto [found, is_new] = states_.try_emplace({write.table.get(), key});
  KeyState& state = found->second;
  if (!is_new) return state;
  write.table->LookupOne(key, [&state](const rcu::Entry* entry) {
    if (entry == nullptr) return;
    state = {.exists = true,
             .mod_revision = entry->mod_revision(),
             .create_revision = entry->create_revision(),
             .entry_bytes = entry->allocated_bytes()};
  });
  return state;
}

absl::StatusOr<WriteResult> Batch::Put(const Write& write, KeyState& state) {
  const uint64_t revision = revision_ + 1;
  const uint64_t create_revision = state.exists ? state.create_revision : revision;
  rcu::EntryPtr entry =
      rcu::Entry::New(write.key, *write.value,
                      {.mod_revision = revision, .create_revision = create_revision});
  const uint64_t bytes = entry->allocated_bytes();
  if (absl::Status status = Charge(state.entry_bytes, bytes); !status.ok()) return status;
  revision_ = revision;
  changes_.push_back({write.table.get(), write.key, revision, std::move(entry)});
  state = {.exists = true,
           .mod_revision = revision,
           .create_revision = create_revision,
           .entry_bytes = bytes};
  return WriteResult{.revision = revision};
}

WriteResult Batch::Delete(const Write& write, KeyState& state) {
  if (!state.exists) return {.revision = revision_, .deleted = false};
  budget_.used_bytes = UsedWithout(state.entry_bytes);
  changes_.push_back({write.table.get(), write.key, ++revision_, nullptr});
  state = {};
  return {.revision = revision_, .deleted = true};
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
