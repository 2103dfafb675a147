// From the bytes of a TxnRequest to a transaction that is within the limits.
//
// Thread safety: a function of its arguments alone.
#ifndef RCUKV_SERVER_SERVICE_TXN_REQUEST_H_
#define RCUKV_SERVER_SERVICE_TXN_REQUEST_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/service/limits.h"
#include "server/store/transaction.h"

namespace rcukv {

struct CheckedTxn {
  // The table's name; it may be empty.
  std::string table;
  // The greatest of its gets.
  uint64_t min_revision = 0;
  // Without a table, and without `done`.
  Transaction transaction;
};

// INVALID_ARGUMENT, and UNIMPLEMENTED for a ttl, name the field that is wrong, such as
// "success[2].put.key", and the limit that it breaks. Both branches are looked at.
absl::StatusOr<CheckedTxn> ReadTxnRequest(std::string_view bytes, const Limits& limits);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_TXN_REQUEST_H_
