#include "loadtest/workload/target.h"

#include <utility>

namespace rcukv::loadtest {

absl::Status Target::BatchGet(const std::vector<std::string>& keys,
                              absl::FunctionRef<void(Found)> use) {
  std::vector<std::optional<Value>> values;
  for (const std::string& key : keys) {
    absl::StatusOr<std::optional<Value>> value = Get(key);
    if (!value.ok()) return value.status();
    values.push_back(*std::move(value));
  }
  std::vector<std::optional<ValueView>> views;
  for (const std::optional<Value>& value : values) views.push_back(ViewOf(value));
  use(views);
  return absl::OkStatus();
}

void Target::BatchGetAsync(const std::vector<std::string>& keys, BatchDone done) {
  const absl::Status status = BatchGet(keys, [&](Found found) { done(found); });
  if (!status.ok()) done(status);
}

}  // namespace rcukv::loadtest
