#include "server/service/txn_path.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "rcu/entry.h"
#include "server/service/message_bytes.h"
#include "server/service/txn_request.h"
#include "server/service/wire.h"
#include "server/store/transaction.h"

namespace rcukv {
namespace {

// Appends responses to a TxnResponse: what has one field more is another message of the
// kind, as the bytes of two messages are those of both together. Large values are
// referred to, so that the store's thread, which does this, copies little.
class ResponseEncoder {
 public:
  explicit ResponseEncoder(OutputBuffer* out) : out_(out) {}

  void operator()(const Transaction::Got& got) const {
    EncodeTxnGet(got.entry.get(), got.revision, out_);
  }
  void operator()(const Transaction::PutDone& put) const {
    v1::TxnResponse rest;
    rest.add_responses()->mutable_put()->set_revision(put.revision);
    AppendMessage(rest, out_);
  }
  void operator()(const Transaction::Deleted& deleted) const {
    v1::TxnResponse rest;
    v1::DeleteResponse& response = *rest.add_responses()->mutable_delete_();
    response.set_revision(deleted.revision);
    response.set_deleted(deleted.existed);
    AppendMessage(rest, out_);
  }

 private:
  OutputBuffer* const out_;
};

OutputBuffer Encode(const Transaction::Result& result) {
  OutputBuffer out;
  v1::TxnResponse head;
  head.set_revision(result.revision);
  head.set_succeeded(result.succeeded);
  AppendMessage(head, &out);
  for (const Transaction::Response& response : result.responses) {
    std::visit(ResponseEncoder(&out), response);
  }
  return out;
}

size_t GetsIn(const std::vector<Transaction::Operation>& branch) {
  return static_cast<size_t>(
      std::count_if(branch.begin(), branch.end(), [](const auto& operation) {
        return std::holds_alternative<Transaction::Get>(operation);
      }));
}

// What is copied for an answer at most: larger values are referred to.
size_t CopiedBytes(const Transaction& transaction) {
  const size_t gets = std::max(GetsIn(transaction.success), GetsIn(transaction.failure));
  return std::min<uint64_t>(gets * rcu::Entry::kShareableValueBytes,
                            transaction.max_read_bytes);
}

}  // namespace

void TxnPath::Txn(std::string_view bytes, Expect expect, Reply reply) {
  absl::StatusOr<CheckedTxn> request = ReadTxnRequest(bytes, limits_);
  if (!request.ok()) return reply(request.status(), {});
  Transaction transaction = std::move(request->transaction);
  transaction.table = tables_->FindShared(request->table);
  if (transaction.table == nullptr) return reply(NoSuchTable(request->table), {});
  // What is read later is newer still.
  absl::Status status = CheckMinRevision(request->min_revision, store_->revision());
  const size_t copied = CopiedBytes(transaction);
  if (status.ok() && copied > 0) status = expect(copied);
  if (!status.ok()) return reply(status, {});
  transaction.done = [reply =
                          std::move(reply)](absl::StatusOr<Transaction::Result> result) {
    if (!result.ok()) return reply(result.status(), {});
    reply(absl::OkStatus(), Encode(*result));
  };
  store_->SubmitTransaction(std::move(transaction));
}

}  // namespace rcukv
