#include "server/service/batch_write_path.h"

#include <google/protobuf/arena.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "server/service/message_bytes.h"
#include "server/service/wire_reader.h"
#include "server/service/write_request.h"

namespace rcukv {
namespace {

constexpr uint32_t kWritesTag =
    LengthDelimitedTag(v1::BatchWriteRequest::kWritesFieldNumber);

// Each write's bytes, in place. They are counted before anything is made of them: two
// bytes of a request can be a write, and what is parsed takes dozens of times as many.
absl::StatusOr<std::vector<std::string_view>> FindWrites(std::string_view bytes,
                                                         const Limits& limits) {
  std::vector<std::string_view> writes;
  size_t count = 0;
  WireReader in("BatchWriteRequest", bytes);
  while (const uint32_t tag = in.NextTag()) {
    if (tag != kWritesTag) {
      in.Skip(tag);
      continue;
    }
    std::string_view write;
    in.ReadBytes(&write);
    if (++count <= limits.max_batch_keys) writes.push_back(write);
  }
  if (!in.status().ok()) return in.status();
  if (count > limits.max_batch_keys) {
    return OverLimit("writes", count, "writes", limits.max_batch_keys, "max_batch_keys");
  }
  if (count > 0) return writes;
  return absl::InvalidArgumentError("writes: empty, a BatchWrite has at least one write");
}

// What became of one write.
struct Outcome {
  bool is_delete = false;
  absl::StatusOr<WriteResult> result;
};

class ResponseBuilder {
 public:
  void Add(const Outcome& outcome) {
    v1::BatchWriteResponse::Result& result = *response_.add_results();
    if (!outcome.result.ok()) {
      SetError(outcome.result.status(), *result.mutable_error());
    } else if (outcome.is_delete) {
      result.mutable_delete_()->set_revision(outcome.result->revision);
      result.mutable_delete_()->set_deleted(outcome.result->deleted);
    } else {
      result.mutable_put()->set_revision(outcome.result->revision);
    }
  }

  OutputBuffer Encode() const {
    OutputBuffer out;
    AppendMessage(response_, &out);
    return out;
  }

 private:
  void SetError(const absl::Status& status, v1::BatchWriteResponse::Error& error) {
    error.set_code(static_cast<int>(status.code()));
    const std::string_view message(status.message().data(), status.message().size());
    if (message.size() > message_bytes_left_) return;
    message_bytes_left_ -= message.size();
    error.set_message(std::string(message));
  }

  google::protobuf::Arena arena_;
  v1::BatchWriteResponse& response_ =
      *google::protobuf::Arena::CreateMessage<v1::BatchWriteResponse>(&arena_);
  size_t message_bytes_left_ = BatchWritePath::kMaxMessageBytes;
};

// Collects what becomes of the writes of one call, replies when all is there, and
// destroys itself then: so a write's callback holds it by a plain pointer, and takes no
// memory.
//
// Thread safety: Take by any thread, once for each write.
class Outcomes {
 public:
  Outcomes(size_t writes, BatchWritePath::Reply reply)
      : outcomes_(writes), left_(writes), reply_(std::move(reply)) {}

  // Before its result is taken.
  void ExpectDelete(size_t write) { outcomes_[write].is_delete = true; }

  // The object may be gone when this returns.
  void Take(size_t write, absl::StatusOr<WriteResult> result) {
    outcomes_[write].result = std::move(result);
    // acq_rel: the last one sees what the others have stored ahead of theirs.
    if (left_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    const std::unique_ptr<Outcomes> self(this);
    ResponseBuilder response;
    for (const Outcome& outcome : outcomes_) response.Add(outcome);
    reply_(absl::OkStatus(), response.Encode());
  }

 private:
  std::vector<Outcome> outcomes_;
  std::atomic<size_t> left_;
  const BatchWritePath::Reply reply_;
};

absl::StatusOr<Write> ReadWrite(std::string_view bytes, const Limits& limits,
                                TableDirectory::Reader& tables) {
  v1::BatchWriteRequest::Write message;
  const absl::Status status = ParseMessage(bytes, &message);
  if (!status.ok()) return status;
  switch (message.request_case()) {
    case v1::BatchWriteRequest::Write::kPut:
      return ToWrite(std::move(*message.mutable_put()), limits, tables);
    case v1::BatchWriteRequest::Write::kDelete:
      return ToWrite(std::move(*message.mutable_delete_()), limits, tables);
    case v1::BatchWriteRequest::Write::REQUEST_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      "request: none that is known to this server; set put or delete");
}

}  // namespace

void BatchWritePath::BatchWrite(std::string_view bytes, Reply reply) {
  const absl::StatusOr<std::vector<std::string_view>> found = FindWrites(bytes, limits_);
  if (!found.ok()) return reply(found.status(), {});
  auto* const outcomes = new Outcomes(found->size(), std::move(reply));
  std::vector<Write> writes;
  writes.reserve(found->size());
  for (size_t i = 0; i < found->size(); ++i) {
    absl::StatusOr<Write> write = ReadWrite((*found)[i], limits_, *tables_);
    if (!write.ok()) {
      outcomes->Take(i, write.status());
      continue;
    }
    if (!write->value.has_value()) outcomes->ExpectDelete(i);
    write->done = [outcomes, i](absl::StatusOr<WriteResult> result) {
      outcomes->Take(i, std::move(result));
    };
    writes.push_back(*std::move(write));
  }
  store_->SubmitAll(std::move(writes));
}

}  // namespace rcukv
