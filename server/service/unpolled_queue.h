// Keeps the threads of a server's synchronous services from polling.
//
// gRPC on Linux has one epoll set for all servers of a process, and whichever thread
// waits in it handles the next event, of whatever connection. Threads of a synchronous
// server wait there too: they take a good fifth of the data plane's events, and then have
// to wake the serving thread. But where a server has a queue of its user's that is
// polled, gRPC's own threads wait for their calls and for nothing else.
//
//   grpc::ServerBuilder builder;
//   ...
//   UnpolledQueue queue(&builder);
//   std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
//   ...
//   server->Shutdown();                     // before the queue goes
#ifndef RCUKV_SERVER_SERVICE_UNPOLLED_QUEUE_H_
#define RCUKV_SERVER_SERVICE_UNPOLLED_QUEUE_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <thread>

namespace rcukv {

// Such a queue, with no events. Somebody else must wait for events of gRPC for as long as
// it lives: the serving threads of the data plane. Where GRPC_POLL_STRATEGY asks for a
// set for each queue ("poll"), it has a thread that polls it.
//
// Thread safety: the constructor and the destructor are called by one thread.
class UnpolledQueue {
 public:
  explicit UnpolledQueue(grpc::ServerBuilder* builder);
  // The server has shut down, or was never started.
  ~UnpolledQueue();
  UnpolledQueue(const UnpolledQueue&) = delete;
  UnpolledQueue& operator=(const UnpolledQueue&) = delete;

 private:
  // Until it is shut down.
  void Poll();

  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::thread poller_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_UNPOLLED_QUEUE_H_
