// A server for tests of the client: std::map behind the generated service, in this
// process.

#ifndef RCUKV_CLIENTS_CPP_FAKE_SERVER_H_
#define RCUKV_CLIENTS_CPP_FAKE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv {

// Thread-safe. Knows the table "default" only.
class FakeServer {
 public:
  FakeServer();
  // Stops it.
  ~FakeServer();

  // "127.0.0.1:port", of both services.
  const std::string& address() const { return address_; }

  // From now on no call can be made.
  void Stop();

  // From now on a call is answered only after Release(), or never when its client gives
  // up.
  void Hold();
  void Release();
  // Waits until so many calls are held.
  void AwaitHeld(int calls);

  // Put asks this first, and fails with what it returns.
  void FailPutsWith(std::function<grpc::Status(const v1::PutRequest&)> failure);

  // The most calls that were under way at once.
  int max_concurrent_calls() const;

  std::map<std::string, std::string> Contents() const;

 private:
  class KeyValueImpl;
  class AdminImpl;

  struct Stored {
    std::string value;
    uint64_t mod_revision = 0;
    uint64_t create_revision = 0;
  };

  // Around each call.
  class Visit;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool holding_ = false;
  int calls_ = 0;
  int held_ = 0;
  int max_calls_ = 0;
  std::function<grpc::Status(const v1::PutRequest&)> put_failure_;
  uint64_t revision_ = 0;
  std::map<std::string, Stored> entries_;
  v1::MembarrierMode membarrier_mode_ = v1::EXPEDITED;

  std::unique_ptr<KeyValueImpl> key_value_;
  std::unique_ptr<AdminImpl> admin_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_FAKE_SERVER_H_
