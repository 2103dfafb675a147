#include "loadtest/workload/server_target.h"

namespace rcukv::loadtest {

absl::StatusOr<std::optional<Value>> ServerTarget::Get(const std::string& key) {
  return client_->Get(key, {.table = table_});
}

absl::StatusOr<uint64_t> ServerTarget::Put(const std::string& key,
                                           const std::string& value,
                                           std::optional<uint64_t> expected) {
  return client_->Put(key, value, {.table = table_, .expected_mod_revision = expected});
}

absl::StatusOr<std::vector<Entry>> ServerTarget::Scan(size_t entries) {
  // One page, that is one call.
  Scanner scanner =
      client_->Scan({.table = table_, .page_size = static_cast<uint32_t>(entries)});
  std::vector<Entry> found;
  while (found.size() < entries) {
    const Entry* const entry = scanner.Next();
    if (entry == nullptr) break;
    found.push_back(*entry);
  }
  if (!scanner.status().ok()) return scanner.status();
  return found;
}

}  // namespace rcukv::loadtest
