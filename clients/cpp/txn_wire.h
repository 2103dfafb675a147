// Internal to this library: transactions as the server's messages.

#ifndef RCUKV_CLIENTS_CPP_TXN_WIRE_H_
#define RCUKV_CLIENTS_CPP_TXN_WIRE_H_

#include "absl/status/statusor.h"
#include "clients/cpp/options.h"
#include "clients/cpp/txn.h"
#include "proto/rcukv/v1/kv.pb.h"

namespace rcukv::internal {

v1::TxnRequest ToProto(const Txn& txn, const TxnOptions& options);

// Takes the strings out of `response`. INTERNAL where it does not answer each operation.
absl::StatusOr<TxnResult> FromProto(const Txn& txn, v1::TxnResponse&& response);

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_TXN_WIRE_H_
