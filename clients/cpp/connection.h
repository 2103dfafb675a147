// Internal to this library: one connection to one server, and how its errors are told.
//
// Thread-safe. gRPC reconnects by itself; calls fail with UNAVAILABLE meanwhile.

#ifndef RCUKV_CLIENTS_CPP_CONNECTION_H_
#define RCUKV_CLIENTS_CPP_CONNECTION_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/deadline.h"
#include "clients/cpp/open_calls.h"
#include "clients/cpp/options.h"

namespace rcukv::internal {

class Connection {
 public:
  // Waits until the server at `address` answers. UNAVAILABLE, with the reason and what to
  // do about it, when it does not within options.connect_timeout.
  static absl::StatusOr<std::shared_ptr<Connection>> Open(std::string address,
                                                          const ClientOptions& options);

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // When a call that starts now has to be over.
  SteadyTime DeadlineOf(std::optional<absl::Duration> timeout) const;

  // The calls of Call(), and what else is entered there.
  OpenCalls& open_calls() const { return open_calls_; }

  // Gives `context` the deadline of a call that starts now.
  void SetDeadline(grpc::ClientContext& context,
                   std::optional<absl::Duration> timeout) const;

  // The outcome of the call `name` that had SetDeadline(.., timeout): the server's code
  // and message. Where the server could not be asked, the message says which server that
  // is.
  absl::Status ToStatus(const grpc::Status& status, const char* name,
                        std::optional<absl::Duration> timeout) const;

  // Runs one blocking call from deadline to status.
  absl::Status Call(const char* name, std::optional<absl::Duration> timeout,
                    absl::FunctionRef<grpc::Status(grpc::ClientContext*)> call) const;

 private:
  Connection(std::string address, const ClientOptions& options);

  // Why there is no connection, in gRPC's words; nothing when there is one after all.
  std::optional<std::string> WhyNotConnected() const;

  const std::string address_;
  const absl::Duration call_timeout_;
  const std::shared_ptr<grpc::Channel> channel_;
  mutable OpenCalls open_calls_;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_CONNECTION_H_
