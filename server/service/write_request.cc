#include "server/service/write_request.h"

#include <utility>

#include "absl/status/status.h"

namespace rcukv {
namespace {

// What a Put and a Delete have in common.
template <typename Request>
absl::StatusOr<Write> Conditional(Request& request, TableDirectory::Reader& tables) {
  Write write;
  write.table = tables.FindShared(request.table());
  if (write.table == nullptr) return NoSuchTable(request.table());
  if (request.has_expected_mod_revision()) {
    write.expected_mod_revision = request.expected_mod_revision();
  }
  write.key = std::move(*request.mutable_key());
  return write;
}

}  // namespace

absl::StatusOr<Write> ToWrite(v1::PutRequest&& request, const Limits& limits,
                              TableDirectory::Reader& tables) {
  absl::Status status = CheckKey("key", request.key(), limits);
  if (status.ok()) status = CheckValue("value", request.value(), limits);
  if (status.ok()) status = CheckTtl("ttl", request.ttl());
  if (!status.ok()) return status;
  absl::StatusOr<Write> write = Conditional(request, tables);
  if (write.ok()) write->value = std::move(*request.mutable_value());
  return write;
}

absl::StatusOr<Write> ToWrite(v1::DeleteRequest&& request, const Limits& limits,
                              TableDirectory::Reader& tables) {
  const absl::Status status = CheckKey("key", request.key(), limits);
  if (!status.ok()) return status;
  return Conditional(request, tables);
}

}  // namespace rcukv
