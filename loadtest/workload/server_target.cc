#include "loadtest/workload/server_target.h"

namespace rcukv::loadtest {
namespace {

Target::Found FoundIn(const Values& values) { return {values.begin(), values.size()}; }

}  // namespace

absl::StatusOr<std::optional<Value>> ServerTarget::Get(const std::string& key) {
  return client_->Get(key, {.table = table_});
}

void ServerTarget::GetAsync(const std::string& key, GetDone done) {
  client_->GetAsync(key, {.table = table_}, std::move(done));
}

absl::Status ServerTarget::BatchGet(const std::vector<std::string>& keys,
                                    absl::FunctionRef<void(Found)> use) {
  const absl::StatusOr<Values> values = client_->BatchGet(keys, {.table = table_});
  if (!values.ok()) return values.status();
  use(FoundIn(*values));
  return absl::OkStatus();
}

void ServerTarget::BatchGetAsync(const std::vector<std::string>& keys, BatchDone done) {
  client_->BatchGetAsync(
      keys, {.table = table_},
      [done = std::move(done)](const absl::StatusOr<Values>& values) mutable {
        if (!values.ok()) return done(values.status());
        done(FoundIn(*values));
      });
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
