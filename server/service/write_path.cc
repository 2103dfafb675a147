#include "server/service/write_path.h"

#include <utility>

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "server/service/message_bytes.h"

namespace rcukv {
namespace {

OutputBuffer Encode(const google::protobuf::MessageLite& message) {
  OutputBuffer out;
  AppendMessage(message, &out);
  return out;
}

}  // namespace

absl::Status WritePath::PreparePut(std::string_view bytes, Write* write) {
  v1::PutRequest request;
  absl::Status status = ParseMessage(bytes, &request);
  if (!status.ok()) return status;
  status = CheckKey("key", request.key(), limits_);
  if (!status.ok()) return status;
  status = CheckValue("value", request.value(), limits_);
  if (!status.ok()) return status;
  status = CheckTtl("ttl", request.ttl());
  if (!status.ok()) return status;
  write->table = tables_->FindShared(request.table());
  if (write->table == nullptr) return NoSuchTable(request.table());
  if (request.has_expected_mod_revision()) {
    write->expected_mod_revision = request.expected_mod_revision();
  }
  write->key = std::move(*request.mutable_key());
  write->value = std::move(*request.mutable_value());
  return absl::OkStatus();
}

absl::Status WritePath::PrepareDelete(std::string_view bytes, Write* write) {
  v1::DeleteRequest request;
  absl::Status status = ParseMessage(bytes, &request);
  if (!status.ok()) return status;
  status = CheckKey("key", request.key(), limits_);
  if (!status.ok()) return status;
  write->table = tables_->FindShared(request.table());
  if (write->table == nullptr) return NoSuchTable(request.table());
  if (request.has_expected_mod_revision()) {
    write->expected_mod_revision = request.expected_mod_revision();
  }
  write->key = std::move(*request.mutable_key());
  return absl::OkStatus();
}

void WritePath::Put(std::string_view request, Reply reply) {
  Write write;
  const absl::Status status = PreparePut(request, &write);
  if (!status.ok()) return reply(status, {});
  write.done = [reply = std::move(reply)](absl::StatusOr<WriteResult> result) {
    if (!result.ok()) return reply(result.status(), {});
    v1::PutResponse response;
    response.set_revision(result->revision);
    reply(absl::OkStatus(), Encode(response));
  };
  store_->Submit(std::move(write));
}

void WritePath::Delete(std::string_view request, Reply reply) {
  Write write;
  const absl::Status status = PrepareDelete(request, &write);
  if (!status.ok()) return reply(status, {});
  write.done = [reply = std::move(reply)](absl::StatusOr<WriteResult> result) {
    if (!result.ok()) return reply(result.status(), {});
    v1::DeleteResponse response;
    response.set_revision(result->revision);
    response.set_deleted(result->deleted);
    reply(absl::OkStatus(), Encode(response));
  };
  store_->Submit(std::move(write));
}

}  // namespace rcukv
