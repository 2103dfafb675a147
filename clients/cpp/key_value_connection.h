// Internal to this library: a connection with the stub of the key-value service.

#ifndef RCUKV_CLIENTS_CPP_KEY_VALUE_CONNECTION_H_
#define RCUKV_CLIENTS_CPP_KEY_VALUE_CONNECTION_H_

#include <memory>
#include <utility>

#include "clients/cpp/connection.h"
#include "clients/cpp/entry.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv::internal {

class KeyValueConnection {
 public:
  explicit KeyValueConnection(std::shared_ptr<Connection> connection)
      : connection_(std::move(connection)),
        stub_(v1::KeyValueService::NewStub(connection_->channel())) {}

  const Connection& connection() const { return *connection_; }
  const std::shared_ptr<Connection>& shared_connection() const { return connection_; }
  v1::KeyValueService::Stub& stub() const { return *stub_; }

 private:
  const std::shared_ptr<Connection> connection_;
  const std::unique_ptr<v1::KeyValueService::Stub> stub_;
};

// Takes the strings out of `entry`.
Entry FromProto(v1::Entry&& entry);

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_KEY_VALUE_CONNECTION_H_
