// A server of KeyValueService that looks nothing up and keeps nothing (null_answers.h): a
// load on it shows what the client, gRPC and the kernel cost by themselves.
//
// Asynchronous and with raw bytes, like the server: a completion queue and a thread a
// processor.
//
// It is to be in a process of its own (null_server_process.h): in the same one, gRPC has
// the threads of client and server take one another's events.
#ifndef RCUKV_LOADTEST_WORKLOAD_NULL_SERVER_H_
#define RCUKV_LOADTEST_WORKLOAD_NULL_SERVER_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "loadtest/workload/null_answers.h"
#include "loadtest/workload/records.h"

namespace rcukv::loadtest {

// Thread safety: one thread.
class NullServer {
 public:
  // On a free port of the loopback interface. UNAVAILABLE where there is none.
  static absl::StatusOr<std::unique_ptr<NullServer>> Start(const Records& records,
                                                           size_t entries);
  // Ends the calls under way.
  ~NullServer();

  // "127.0.0.1:port".
  const std::string& address() const { return address_; }

 private:
  class Call;

  // `records` and `entries` as of NullAnswers.
  NullServer(const Records& records, size_t entries) : answers_(records, entries) {}

  bool Listen();
  // Has the next call come, by an event of `queue`, unless the server ends.
  void AwaitCall(grpc::ServerCompletionQueue* queue);
  void CallEnded();
  void Serve(grpc::ServerCompletionQueue* queue);

  NullAnswers answers_;
  grpc::AsyncGenericService service_;
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::thread> threads_;
  std::string address_;
  // Held while a call is asked for: one that gRPC is asked for while it shuts down may
  // never be answered.
  std::mutex mutex_;
  // Guarded by mutex_.
  bool stopping_ = false;
  // That are awaited or under way.
  size_t calls_ = 0;
  std::condition_variable no_calls_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_NULL_SERVER_H_
