// BatchGets on one connection, one after the other: each a call of its own, or a message
// on an open stream.
//
//   auto exchange = Exchange::New(Rpc::kBatchGet, stub, &queue, tag);
//   exchange->request.add_keys("key");
//   exchange->Send();
//   while (queue.Next(&tag, &ok)) {
//     if (!exchange->Take(ok)) continue;
//     if (exchange->status.ok()) Use(exchange->response);
//     ...
//   }
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_COMPARE_EXCHANGE_H_
#define RCUKV_LOADTEST_COMPARE_EXCHANGE_H_

#include <grpcpp/grpcpp.h>

#include <memory>

#include "loadtest/compare/case_names.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv::loadtest {

class Exchange {
 public:
  // What it is given outlives it; its events come from `queue` with `tag`.
  static std::unique_ptr<Exchange> New(Rpc rpc, v1::KeyValueService::Stub* stub,
                                       grpc::CompletionQueue* queue, void* tag);

  virtual ~Exchange() = default;

  // Sends `request`. Events follow. Not before the answer to the last one, nor after an
  // answer that was an error.
  virtual void Send() = 0;

  // Takes one event. True: it was the last of a Send, and `response`, or the error in
  // `status`, is there; or the last of a Close.
  virtual bool Take(bool ok) = 0;

  // Nothing more will be sent. Returns whether events follow. Not before the answer to
  // the last request.
  virtual bool Close() = 0;

  // Kept from one request to the next for their memory.
  v1::BatchGetRequest request;
  v1::BatchGetResponse response;
  grpc::Status status;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_EXCHANGE_H_
