// Starts a gRPC server on an address, with errors that say what is wrong with it.
#ifndef RCUKV_SERVER_SERVICE_LISTENING_H_
#define RCUKV_SERVER_SERVICE_LISTENING_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcukv {

// "127.0.0.1:7700", "[::1]:7700", "localhost:0".
struct HostPort {
  std::string host;
  int port = 0;
};

// INVALID_ARGUMENT where `address` is not HOST:PORT with a port of 0 to 65535.
absl::StatusOr<HostPort> ParseHostPort(std::string_view address);

// Whether StartListening, with the same arguments, could listen now; its errors. Another
// process may come in between.
absl::Status CheckListening(std::string_view address, std::string_view flag);

struct ListeningServer {
  std::unique_ptr<grpc::Server> server;
  // HOST:PORT, with the port that was chosen where 0 was asked for.
  std::string address;
};

// Adds the address to the builder and starts. A second server on the same port fails:
// without SO_REUSEPORT. `flag` is the one that names the address, for the errors:
// INVALID_ARGUMENT for what is none, UNAVAILABLE where one cannot listen on it.
absl::StatusOr<ListeningServer> StartListening(std::string_view address,
                                               std::string_view flag,
                                               grpc::ServerBuilder* builder);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_LISTENING_H_
