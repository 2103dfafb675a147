// A transaction: conditions on what is stored, and two lists of operations, one of which
// is done, all at one moment.
//
//   rcukv::Txn transfer;
//   transfer.If(rcukv::ValueOf("alice") == "100")
//       .If(rcukv::Exists("bob"))
//       .ThenPut("alice", "90")
//       .ThenPut("bob", "60")
//       .ElseGet("alice");
//   absl::StatusOr<rcukv::TxnResult> result = client->Commit(transfer);
//   if (!result.ok()) return result.status();
//   if (!result->succeeded) Look(result->responses[0].entry);
//
// The way to change what one has read, and nothing that somebody else has changed since:
//
//   std::optional<rcukv::Entry> entry = client->GetEntry("counter").value();
//   rcukv::Txn increment;
//   increment.If(rcukv::ModRevisionOf("counter") == (entry ? entry->mod_revision : 0))
//       .ThenPut("counter", Incremented(entry));
//
// All keys are of one table. Every other reader sees all of the writes or none, if it
// reads several keys by another transaction (a BatchGet may see the keys at two moments),
// and so does the server that comes back after a crash. The server's limits, and what its
// errors mean, are in proto/rcukv/v1/kv.proto; among them: a list of operations writes
// each key once at the most.

#ifndef RCUKV_CLIENTS_CPP_TXN_H_
#define RCUKV_CLIENTS_CPP_TXN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "clients/cpp/entry.h"

namespace rcukv {

// What must hold of a key. Made by ValueOf, ModRevisionOf, CreateRevisionOf, Exists and
// Missing.
struct TxnCondition {
  enum class Relation { kEqual, kGreater, kLess, kNotEqual };
  struct Value {
    std::string bytes;
  };
  struct ModRevision {
    uint64_t revision = 0;
  };
  struct CreateRevision {
    uint64_t revision = 0;
  };
  struct Exists {
    bool exists = false;
  };

  std::string key;
  Relation relation = Relation::kEqual;
  std::variant<Value, ModRevision, CreateRevision, Exists> target;
};

namespace internal {

// One side of a comparison; the other one is a Target, or what a Target is made of.
template <typename Target, typename Operand>
class TxnSubject {
 public:
  explicit TxnSubject(std::string_view key) : key_(key) {}

  TxnCondition operator==(Operand operand) const {
    return Compare(TxnCondition::Relation::kEqual, operand);
  }
  TxnCondition operator!=(Operand operand) const {
    return Compare(TxnCondition::Relation::kNotEqual, operand);
  }
  TxnCondition operator<(Operand operand) const {
    return Compare(TxnCondition::Relation::kLess, operand);
  }
  TxnCondition operator>(Operand operand) const {
    return Compare(TxnCondition::Relation::kGreater, operand);
  }

 private:
  using Relation = TxnCondition::Relation;

  TxnCondition Compare(Relation relation, std::string_view bytes) const {
    return {key_, relation, TxnCondition::Value{std::string(bytes)}};
  }
  TxnCondition Compare(Relation relation, uint64_t revision) const {
    return {key_, relation, Target{revision}};
  }

  const std::string key_;
};

}  // namespace internal

// To be compared by ==, !=, < or > with what it must be.
//
// The value, in the order of unsigned bytes. A key that does not exist fails all four.
inline internal::TxnSubject<TxnCondition::Value, std::string_view> ValueOf(
    std::string_view key) {
  return internal::TxnSubject<TxnCondition::Value, std::string_view>(key);
}
// The revision of the write that set the value, and of the one that created the key. 0
// for a key that does not exist.
inline internal::TxnSubject<TxnCondition::ModRevision, uint64_t> ModRevisionOf(
    std::string_view key) {
  return internal::TxnSubject<TxnCondition::ModRevision, uint64_t>(key);
}
inline internal::TxnSubject<TxnCondition::CreateRevision, uint64_t> CreateRevisionOf(
    std::string_view key) {
  return internal::TxnSubject<TxnCondition::CreateRevision, uint64_t>(key);
}
inline TxnCondition Exists(std::string_view key) {
  return {std::string(key), TxnCondition::Relation::kEqual, TxnCondition::Exists{true}};
}
inline TxnCondition Missing(std::string_view key) {
  return {std::string(key), TxnCondition::Relation::kEqual, TxnCondition::Exists{false}};
}

// What is to be done. It can be committed any number of times.
//
// Thread safety: as a std::vector's.
class Txn {
 public:
  struct Operation {
    enum class Kind { kGet, kPut, kDelete };

    Kind kind = Kind::kGet;
    std::string key;
    // Of a put.
    std::string value;
  };

  // All conditions must hold for the operations of Then to be done, and where there are
  // none they are. They look at what there was before the transaction.
  Txn& If(TxnCondition condition) {
    conditions_.push_back(std::move(condition));
    return *this;
  }

  // Adds to the operations that are done if all conditions hold. A get shows what those
  // before it in the list have done.
  Txn& ThenGet(std::string_view key) { return Add(then_, Kind::kGet, key); }
  Txn& ThenPut(std::string_view key, std::string_view value) {
    return Add(then_, Kind::kPut, key, value);
  }
  Txn& ThenDelete(std::string_view key) { return Add(then_, Kind::kDelete, key); }

  // And to those that are done otherwise.
  Txn& ElseGet(std::string_view key) { return Add(else_, Kind::kGet, key); }
  Txn& ElsePut(std::string_view key, std::string_view value) {
    return Add(else_, Kind::kPut, key, value);
  }
  Txn& ElseDelete(std::string_view key) { return Add(else_, Kind::kDelete, key); }

  const std::vector<TxnCondition>& conditions() const { return conditions_; }
  const std::vector<Operation>& then_operations() const { return then_; }
  const std::vector<Operation>& else_operations() const { return else_; }

 private:
  using Kind = Operation::Kind;

  Txn& Add(std::vector<Operation>& operations, Kind kind, std::string_view key,
           std::string_view value = {}) {
    operations.push_back({kind, std::string(key), std::string(value)});
    return *this;
  }

  std::vector<TxnCondition> conditions_;
  std::vector<Operation> then_;
  std::vector<Operation> else_;
};

// What a transaction did.
struct TxnResult {
  // What one operation did.
  struct Response {
    // Get: what was found; nothing where there is no such key.
    std::optional<Entry> entry = {};
    // Delete: whether the key existed.
    bool existed = false;
  };

  // Of the writes; the server's where nothing was written.
  uint64_t revision = 0;
  // Whether all conditions held.
  bool succeeded = false;
  // One for each operation of Then, if all conditions held, and otherwise of Else; in
  // their order.
  std::vector<Response> responses = {};
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_TXN_H_
