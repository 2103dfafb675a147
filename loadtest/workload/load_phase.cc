#include "loadtest/workload/load_phase.h"

#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "clients/cpp/bulk_writer.h"
#include "loadtest/base/fill.h"

namespace rcukv::loadtest {
namespace {

// Keys that are looked at.
constexpr size_t kLooks = 10;

}  // namespace

absl::StatusOr<uint64_t> FillTable(const ServerTarget& target, const Records& records,
                                   size_t entries,
                                   absl::FunctionRef<void(size_t)> progress) {
  // Alone and first: all that follow are of later revisions.
  const absl::StatusOr<uint64_t> first =
      target.client().Put(records.Key(0), records.Value(0, 0), {.table = target.table()});
  if (!first.ok()) return first.status();
  BulkWriter writer(target.client(), {.table = target.table()});
  const auto put = [&](size_t index) {
    return writer.Put(records.Key(index), records.Value(index, 0));
  };
  const absl::Status status = Fill(writer, 1, entries, put, progress);
  if (!status.ok()) return status;
  return *first;
}

absl::Status CheckFilled(ServerTarget& target, const Records& records, size_t entries) {
  for (size_t look = 0; look <= kLooks; ++look) {
    const size_t index = (entries - 1) * look / kLooks;
    const absl::StatusOr<std::optional<Value>> value = target.Get(records.Key(index));
    if (!value.ok()) return value.status();
    if (!value->has_value()) {
      return absl::NotFoundError(
          absl::StrFormat("key %d of %d is not there", index + 1, entries));
    }
    const absl::Status status = records.Check(index, (*value)->value);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace rcukv::loadtest
