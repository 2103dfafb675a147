// Txn from request bytes to response bytes, through the store. Knows no gRPC.
//
// Thread safety: one thread at a time; each serving thread has one of its own.
#ifndef RCUKV_SERVER_SERVICE_TXN_PATH_H_
#define RCUKV_SERVER_SERVICE_TXN_PATH_H_

#include <cstddef>
#include <functional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/store/store.h"
#include "server/table/table_directory.h"

namespace rcukv {

class TxnPath {
 public:
  // Takes the answer: OK and a serialized TxnResponse, or an error. Called once, by the
  // caller's thread or by one of the store's. Must not block.
  using Reply = std::function<void(const absl::Status&, OutputBuffer)>;

  // All outlive the path and every reply; `tables` belongs to the thread that calls it.
  TxnPath(const Limits& limits, Store* store, TableDirectory::Reader* tables)
      : limits_(limits), store_(store), tables_(tables) {}

  // Is told, before a transaction that reads is queued, what its answer may take of
  // memory; an error refuses it. That many of them wait is no reason to answer them all
  // to a client that does not read.
  using Expect = absl::FunctionRef<absl::Status(size_t bytes)>;

  // Does not wait for the transaction. `request` is needed only until it returns.
  void Txn(std::string_view request, Expect expect, Reply reply);

 private:
  const Limits limits_;
  Store* const store_;
  TableDirectory::Reader* const tables_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_TXN_PATH_H_
