#include "server/service/write_path.h"

#include <utility>

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "server/service/message_bytes.h"
#include "server/service/write_request.h"

namespace rcukv {
namespace {

OutputBuffer Encode(const google::protobuf::MessageLite& message) {
  OutputBuffer out;
  AppendMessage(message, &out);
  return out;
}

}  // namespace

void WritePath::Put(std::string_view bytes, Reply reply) {
  v1::PutRequest request;
  const absl::Status status = ParseMessage(bytes, &request);
  if (!status.ok()) return reply(status, {});
  absl::StatusOr<Write> write = ToWrite(std::move(request), limits_, *tables_);
  if (!write.ok()) return reply(write.status(), {});
  write->done = [reply = std::move(reply)](absl::StatusOr<WriteResult> result) {
    if (!result.ok()) return reply(result.status(), {});
    v1::PutResponse response;
    response.set_revision(result->revision);
    reply(absl::OkStatus(), Encode(response));
  };
  store_->Submit(*std::move(write));
}

void WritePath::Delete(std::string_view bytes, Reply reply) {
  v1::DeleteRequest request;
  const absl::Status status = ParseMessage(bytes, &request);
  if (!status.ok()) return reply(status, {});
  absl::StatusOr<Write> write = ToWrite(std::move(request), limits_, *tables_);
  if (!write.ok()) return reply(write.status(), {});
  write->done = [reply = std::move(reply)](absl::StatusOr<WriteResult> result) {
    if (!result.ok()) return reply(result.status(), {});
    v1::DeleteResponse response;
    response.set_revision(result->revision);
    response.set_deleted(result->deleted);
    reply(absl::OkStatus(), Encode(response));
  };
  store_->Submit(*std::move(write));
}

}  // namespace rcukv
