// The gRPC server of KeyValueService: one listening address, some serving threads, each
// with a completion queue of its own over which connections are spread.
//
//   absl::StatusOr<std::unique_ptr<DataPlane>> plane = DataPlane::Start(options,
//   context);
//   ...
//   (*plane)->Drain(deadline);
//   (*plane)->Shutdown(deadline);
#ifndef RCUKV_SERVER_SERVICE_DATA_PLANE_H_
#define RCUKV_SERVER_SERVICE_DATA_PLANE_H_

#include <grpcpp/server.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/service/handlers.h"
#include "server/service/held_bytes.h"
#include "server/service/raw_services.h"
#include "server/service/serving_thread.h"

namespace rcukv {

struct DataPlaneOptions {
  // HOST:PORT; port 0: any free one.
  std::string listen;
  // At least 1.
  int threads = 1;
};

// Thread safety: the figures may be read by any thread at any time; the rest is called by
// one thread.
class DataPlane {
 public:
  // Listens and serves. UNAVAILABLE where it cannot listen. What `context` names outlives
  // the data plane.
  static absl::StatusOr<std::unique_ptr<DataPlane>> Start(
      const DataPlaneOptions& options, const DataPlaneContext& context);

  // Shuts down at once, if that was not done.
  ~DataPlane();

  // HOST:PORT, with the port that is listened on.
  const std::string& address() const { return address_; }

  // Refuses new calls from now on, but those that ask for the health, and tells those who
  // watch it. Waits until the calls in flight are answered, or for the deadline; then
  // tells the watches of changes the last ones and ends them, for a second at the most.
  void Drain(std::chrono::system_clock::time_point deadline);

  // Says goodbye to the connections, ends the calls that are left at the deadline, breaks
  // the connections that are left a second after it, and returns when all threads have
  // ended. Idempotent.
  void Shutdown(std::chrono::system_clock::time_point deadline);

  // How many Shutdown had to break, once it has returned: their clients did not read.
  size_t broken_connections() const { return broken_connections_; }

  // Answered so far: by all threads, and by each.
  uint64_t answered_calls() const;
  std::vector<uint64_t> answered_calls_by_thread() const;

 private:
  DataPlane() = default;

  void EndWatches(std::chrono::system_clock::time_point deadline);
  void ShutDownServer(std::chrono::system_clock::time_point deadline);

  std::string address_;
  RawServices services_;
  HeldBytes held_bytes_;
  // Destroyed after the server, which uses their queues.
  std::vector<std::unique_ptr<ServingThread>> threads_;
  std::unique_ptr<grpc::Server> server_;
  bool shut_down_ = false;
  size_t broken_connections_ = 0;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_DATA_PLANE_H_
