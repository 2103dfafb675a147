// A transaction: compares of what is stored, and then one of two lists of operations, all
// at one moment. What Write (store.h) is to a Put, it is to a Txn of the API.
//
//   Transaction transfer = {
//       .table = table,
//       .compares = {{.key = "from", .target = Compare::Value{"100"}}},
//       .success = {Transaction::Put{"from", "90"}, Transaction::Put{"to", "10"}},
//       .failure = {Transaction::Get{"from"}},
//       .done = [](absl::StatusOr<Transaction::Result> result) { ... }};
//
// Guarantees
//   (a) It is there as a whole or not at all: to LookupSnapshot, to the durable log, and
//       to what is evaluated after it. All of its writes have one revision.
//   (b) It shows, and compares with, every write up to its revision but its own, and none
//       after it. A get shows what the operations before it in its branch have done, and
//       nothing of those behind it, as in etcd.
//   (c) Compares that do not hold are an answer: `failure` is done.
//   (d) One that writes nothing, as it has no operation that does or deletes only keys
//       that do not exist, takes no revision, and nothing is logged.
#ifndef RCUKV_SERVER_STORE_TRANSACTION_H_
#define RCUKV_SERVER_STORE_TRANSACTION_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "server/store/kept_entry.h"
#include "server/table/table.h"

namespace rcukv {

// Thread safety: plain data.
struct Transaction {
  struct Compare {
    // How what is stored must relate to the target.
    enum class Relation { kEqual, kGreater, kLess, kNotEqual };

    // The revisions are 0 for a key that does not exist.
    struct ModRevision {
      uint64_t revision;
    };
    struct CreateRevision {
      uint64_t revision;
    };
    // In the order of unsigned bytes. A key that does not exist fails every comparison.
    struct Value {
      std::string bytes;
    };
    // An existing key is greater than one that does not exist.
    struct Exists {
      bool exists;
    };

    std::string key = {};
    Relation relation = Relation::kEqual;
    std::variant<ModRevision, CreateRevision, Value, Exists> target = {};
  };

  struct Get {
    std::string key;
  };
  struct Put {
    std::string key;
    std::string value;
  };
  struct Delete {
    std::string key;
  };
  using Operation = std::variant<Get, Put, Delete>;

  // What the operations did. `revision` is the transaction's from its first write on, and
  // the store's before that.
  struct Got {
    // Null where there is no such key.
    KeptEntry entry;
    uint64_t revision;
  };
  struct PutDone {
    uint64_t revision;
  };
  struct Deleted {
    uint64_t revision;
    // Whether the key existed.
    bool existed;
  };
  using Response = std::variant<Got, PutDone, Deleted>;

  struct Result {
    // Of its writes; the store's where there are none.
    uint64_t revision = 0;
    // Whether all compares held.
    bool succeeded = false;
    // One for each operation of the branch that was taken, in order.
    std::vector<Response> responses = {};
  };

  // Never null.
  std::shared_ptr<Table> table = nullptr;
  // All must hold; where there are none they do.
  std::vector<Compare> compares = {};
  // Done when they hold, and otherwise. The operations of one branch put or delete each
  // key once at the most.
  std::vector<Operation> success = {};
  std::vector<Operation> failure = {};
  // What its gets may answer with, in bytes of keys and values. Past it it is refused.
  uint64_t max_read_bytes = std::numeric_limits<uint64_t>::max();
  // As Write's: called once, and all that is said there of errors holds here. Besides:
  // INVALID_ARGUMENT, over max_read_bytes. After an error nothing was done, but for
  // UNKNOWN: whether all or nothing was shows after a restart. Never null.
  std::function<void(absl::StatusOr<Result>)> done = nullptr;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_TRANSACTION_H_
