#include "clients/cpp/txn_wire.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "clients/cpp/key_value_connection.h"

namespace rcukv::internal {
namespace {

using Operation = Txn::Operation;

v1::Compare::Result ToProto(TxnCondition::Relation relation) {
  switch (relation) {
    case TxnCondition::Relation::kGreater:
      return v1::Compare::GREATER;
    case TxnCondition::Relation::kLess:
      return v1::Compare::LESS;
    case TxnCondition::Relation::kNotEqual:
      return v1::Compare::NOT_EQUAL;
    case TxnCondition::Relation::kEqual:
      break;
  }
  return v1::Compare::EQUAL;
}

class TargetSetter {
 public:
  explicit TargetSetter(v1::Compare* compare) : compare_(compare) {}

  void operator()(const TxnCondition::Value& target) const {
    compare_->set_value(target.bytes);
  }
  void operator()(const TxnCondition::ModRevision& target) const {
    compare_->set_mod_revision(target.revision);
  }
  void operator()(const TxnCondition::CreateRevision& target) const {
    compare_->set_create_revision(target.revision);
  }
  void operator()(const TxnCondition::Exists& target) const {
    compare_->set_exists(target.exists);
  }

 private:
  v1::Compare* const compare_;
};

void Fill(const Operation& operation, v1::RequestOp* request) {
  switch (operation.kind) {
    case Operation::Kind::kGet:
      request->mutable_get()->set_key(operation.key);
      break;
    case Operation::Kind::kPut:
      request->mutable_put()->set_key(operation.key);
      request->mutable_put()->set_value(operation.value);
      break;
    case Operation::Kind::kDelete:
      request->mutable_delete_()->set_key(operation.key);
      break;
  }
}

bool Answers(const v1::ResponseOp& response, Operation::Kind kind) {
  switch (kind) {
    case Operation::Kind::kGet:
      return response.has_get();
    case Operation::Kind::kPut:
      return response.has_put();
    case Operation::Kind::kDelete:
      return response.has_delete_();
  }
  return false;
}

TxnResult::Response Take(v1::ResponseOp& response) {
  TxnResult::Response result;
  if (response.has_get() && response.get().has_entry()) {
    result.entry = FromProto(std::move(*response.mutable_get()->mutable_entry()));
  }
  result.existed = response.has_delete_() && response.delete_().deleted();
  return result;
}

}  // namespace

v1::TxnRequest ToProto(const Txn& txn, const TxnOptions& options) {
  v1::TxnRequest request;
  request.set_table(options.table);
  for (const TxnCondition& condition : txn.conditions()) {
    v1::Compare* const compare = request.add_compares();
    compare->set_key(condition.key);
    compare->set_result(ToProto(condition.relation));
    std::visit(TargetSetter(compare), condition.target);
  }
  for (const Operation& operation : txn.then_operations()) {
    Fill(operation, request.add_success());
  }
  for (const Operation& operation : txn.else_operations()) {
    Fill(operation, request.add_failure());
  }
  return request;
}

absl::StatusOr<TxnResult> FromProto(const Txn& txn, v1::TxnResponse&& response) {
  TxnResult result;
  result.revision = response.revision();
  result.succeeded = response.succeeded();
  const std::vector<Operation>& operations =
      result.succeeded ? txn.then_operations() : txn.else_operations();
  if (static_cast<size_t>(response.responses_size()) != operations.size()) {
    return absl::InternalError(absl::StrCat("the server answered a Txn of ",
                                            operations.size(), " operations with ",
                                            response.responses_size(), " responses"));
  }
  for (size_t i = 0; i < operations.size(); ++i) {
    v1::ResponseOp& one = *response.mutable_responses(static_cast<int>(i));
    if (!Answers(one, operations[i].kind)) {
      return absl::InternalError(absl::StrCat("the server answered operation ", i,
                                              " of a Txn with something else"));
    }
    result.responses.push_back(Take(one));
  }
  return result;
}

}  // namespace rcukv::internal
