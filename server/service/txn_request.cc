#include "server/service/txn_request.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "server/service/message_bytes.h"
#include "server/service/wire_reader.h"
#include "server/table/printable.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

using Compare = Transaction::Compare;
using Operations = google::protobuf::RepeatedPtrField<v1::RequestOp>;

absl::Status Invalid(const std::string& field, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", what));
}

// How many elements the lists of a request have. Before it is parsed, as two bytes of it
// may become an object of fifty.
absl::Status CheckCounts(std::string_view bytes, const Limits& limits) {
  constexpr uint32_t kCompares = LengthDelimitedTag(2);
  constexpr uint32_t kSuccess = LengthDelimitedTag(3);
  constexpr uint32_t kFailure = LengthDelimitedTag(4);
  size_t compares = 0;
  size_t success = 0;
  size_t failure = 0;
  WireReader in("TxnRequest", bytes);
  while (const uint32_t tag = in.NextTag()) {
    compares += tag == kCompares;
    success += tag == kSuccess;
    failure += tag == kFailure;
    in.Skip(tag);
  }
  absl::Status status = in.status();
  const auto check = [&](const char* field, size_t count, std::string_view unit) {
    if (!status.ok() || count <= limits.max_txn_operations) return;
    status =
        OverLimit(field, count, unit, limits.max_txn_operations, "max_txn_operations");
  };
  check("compares", compares, "compares");
  check("success", success, "operations");
  check("failure", failure, "operations");
  return status;
}

// Looks at a request, field by field, and calls each by its name.
class Checker {
 public:
  Checker(const v1::TxnRequest& request, const Limits& limits)
      : request_(request), limits_(limits) {}

  absl::Status Check() const {
    absl::Status status = CheckCompares();
    if (status.ok()) status = CheckBranch("success", request_.success());
    if (status.ok()) status = CheckBranch("failure", request_.failure());
    return status;
  }

 private:
  absl::Status CheckCompares() const {
    absl::Status status;
    for (int i = 0; status.ok() && i < request_.compares_size(); ++i) {
      status = CheckCompare(absl::StrCat("compares[", i, "]"), request_.compares(i));
    }
    return status;
  }

  absl::Status CheckBranch(const std::string& name, const Operations& operations) const {
    absl::Status status;
    for (int i = 0; status.ok() && i < operations.size(); ++i) {
      status = CheckOperation(absl::StrCat(name, "[", i, "]"), operations[i]);
    }
    return status.ok() ? CheckWrittenOnce(name, operations) : status;
  }

  absl::Status CheckCompare(const std::string& field, const v1::Compare& compare) const {
    const absl::Status status = CheckKey(field + ".key", compare.key(), limits_);
    if (!status.ok()) return status;
    if (!v1::Compare::Result_IsValid(compare.result())) {
      return Invalid(field + ".result", absl::StrCat(static_cast<int>(compare.result()),
                                                     " is not known to this server"));
    }
    switch (compare.target_case()) {
      case v1::Compare::kModRevision:
      case v1::Compare::kCreateRevision:
        return absl::OkStatus();
      case v1::Compare::kValue:
        return CheckValue(field + ".value", compare.value(), limits_);
      case v1::Compare::kExists:
        if (compare.result() == v1::Compare::EQUAL ||
            compare.result() == v1::Compare::NOT_EQUAL) {
          return absl::OkStatus();
        }
        return Invalid(field + ".result",
                       absl::StrCat(v1::Compare::Result_Name(compare.result()),
                                    "; whether a key exists is EQUAL or NOT_EQUAL"));
      case v1::Compare::TARGET_NOT_SET:
        break;
    }
    return Invalid(field,
                   "has no target that is known to this server; set mod_revision, "
                   "create_revision, value or exists");
  }

  absl::Status CheckOperation(const std::string& field,
                              const v1::RequestOp& operation) const {
    switch (operation.request_case()) {
      case v1::RequestOp::kGet:
        return CheckPlace(field + ".get", operation.get());
      case v1::RequestOp::kPut:
        return CheckPut(field + ".put", operation.put());
      case v1::RequestOp::kDelete:
        return CheckDelete(field + ".delete", operation.delete_());
      case v1::RequestOp::REQUEST_NOT_SET:
        break;
    }
    return Invalid(field,
                   "has no request that is known to this server; set get, put or delete");
  }

  absl::Status CheckPut(const std::string& field, const v1::PutRequest& put) const {
    absl::Status status = CheckPlace(field, put);
    if (status.ok()) status = CheckValue(field + ".value", put.value(), limits_);
    if (status.ok()) status = CheckTtl(field + ".ttl", put.ttl());
    return status.ok() ? CheckUnconditional(field, put) : status;
  }

  absl::Status CheckDelete(const std::string& field,
                           const v1::DeleteRequest& remove) const {
    absl::Status status = CheckPlace(field, remove);
    return status.ok() ? CheckUnconditional(field, remove) : status;
  }

  // The table and the key.
  template <typename Request>
  absl::Status CheckPlace(const std::string& field, const Request& request) const {
    if (!request.table().empty() && NameOf(request.table()) != NameOf(request_.table())) {
      return Invalid(field + ".table", absl::StrCat(Printable(request.table()),
                                                    ", but the transaction's table is ",
                                                    Printable(NameOf(request_.table()))));
    }
    return CheckKey(field + ".key", request.key(), limits_);
  }

  // One way to say a condition, and one to say that it does not hold.
  template <typename Request>
  static absl::Status CheckUnconditional(const std::string& field,
                                         const Request& request) {
    if (!request.has_expected_mod_revision()) return absl::OkStatus();
    return Invalid(field + ".expected_mod_revision",
                   "is for a call of its own; in a transaction, compare mod_revision");
  }

  static std::string_view NameOf(std::string_view table) {
    return table.empty() ? TableDirectory::kDefaultTable : table;
  }

  // All writes of a branch have one revision, and a key has one value at a revision.
  static absl::Status CheckWrittenOnce(const std::string& name,
                                       const Operations& operations) {
    absl::flat_hash_map<std::string_view, int> written;
    for (int i = 0; i < operations.size(); ++i) {
      const v1::RequestOp& operation = operations[i];
      if (operation.has_get()) continue;
      const bool is_put = operation.has_put();
      const std::string& key = is_put ? operation.put().key() : operation.delete_().key();
      const auto [first, is_new] = written.try_emplace(std::string_view(key), i);
      if (is_new) continue;
      return Invalid(
          absl::StrCat(name, "[", i, "].", is_put ? "put" : "delete", ".key"),
          absl::StrCat(Printable(key), " is written by ", name, "[", first->second,
                       "] already; a branch writes a key once"));
    }
    return absl::OkStatus();
  }

  const v1::TxnRequest& request_;
  const Limits& limits_;
};

// Of a request that was checked. They take its strings.

Compare::Relation ToRelation(v1::Compare::Result result) {
  switch (result) {
    case v1::Compare::GREATER:
      return Compare::Relation::kGreater;
    case v1::Compare::LESS:
      return Compare::Relation::kLess;
    case v1::Compare::NOT_EQUAL:
      return Compare::Relation::kNotEqual;
    default:
      return Compare::Relation::kEqual;
  }
}

decltype(Compare::target) TakeTarget(v1::Compare& compare) {
  switch (compare.target_case()) {
    case v1::Compare::kCreateRevision:
      return Compare::CreateRevision{compare.create_revision()};
    case v1::Compare::kValue:
      return Compare::Value{std::move(*compare.mutable_value())};
    case v1::Compare::kExists:
      return Compare::Exists{compare.exists()};
    default:
      return Compare::ModRevision{compare.mod_revision()};
  }
}

Compare TakeCompare(v1::Compare& compare) {
  return {.key = std::move(*compare.mutable_key()),
          .relation = ToRelation(compare.result()),
          .target = TakeTarget(compare)};
}

Transaction::Operation TakeOperation(v1::RequestOp& operation) {
  switch (operation.request_case()) {
    case v1::RequestOp::kPut: {
      v1::PutRequest& put = *operation.mutable_put();
      return Transaction::Put{std::move(*put.mutable_key()),
                              std::move(*put.mutable_value())};
    }
    case v1::RequestOp::kDelete:
      return Transaction::Delete{std::move(*operation.mutable_delete_()->mutable_key())};
    default:
      return Transaction::Get{std::move(*operation.mutable_get()->mutable_key())};
  }
}

std::vector<Transaction::Operation> TakeBranch(Operations& operations) {
  std::vector<Transaction::Operation> branch;
  branch.reserve(static_cast<size_t>(operations.size()));
  for (v1::RequestOp& operation : operations) branch.push_back(TakeOperation(operation));
  return branch;
}

uint64_t GreatestMinRevision(const Operations& operations) {
  uint64_t greatest = 0;
  for (const v1::RequestOp& operation : operations) {
    greatest = std::max(greatest, operation.get().min_revision());
  }
  return greatest;
}

}  // namespace

absl::StatusOr<CheckedTxn> ReadTxnRequest(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.max_txn_bytes) {
    return OverLimit("TxnRequest", bytes.size(), "bytes", limits.max_txn_bytes,
                     "max_txn_bytes");
  }
  absl::Status status = CheckCounts(bytes, limits);
  v1::TxnRequest request;
  if (status.ok()) status = ParseMessage(bytes, &request);
  if (status.ok()) status = Checker(request, limits).Check();
  if (!status.ok()) return status;
  CheckedTxn result;
  result.min_revision = std::max(GreatestMinRevision(request.success()),
                                 GreatestMinRevision(request.failure()));
  result.table = std::move(*request.mutable_table());
  for (v1::Compare& compare : *request.mutable_compares()) {
    result.transaction.compares.push_back(TakeCompare(compare));
  }
  result.transaction.success = TakeBranch(*request.mutable_success());
  result.transaction.failure = TakeBranch(*request.mutable_failure());
  result.transaction.max_read_bytes = limits.max_response_bytes;
  return result;
}

}  // namespace rcukv
