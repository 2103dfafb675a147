// Internal to this library: the calls of a connection that are under way, for who wants
// to cancel them all.
#ifndef RCUKV_CLIENTS_CPP_OPEN_CALLS_H_
#define RCUKV_CLIENTS_CPP_OPEN_CALLS_H_

#include <grpcpp/client_context.h>

#include <mutex>

#include "absl/container/flat_hash_set.h"

namespace rcukv::internal {

// Thread safety: any thread at any time.
class OpenCalls {
 public:
  // A call is among them for as long as this is there, which goes before its context; it
  // may begin later.
  class Entry {
   public:
    Entry(OpenCalls& calls, grpc::ClientContext& context)
        : calls_(calls), context_(context) {
      std::lock_guard lock(calls_.mutex_);
      calls_.contexts_.insert(&context_);
      if (calls_.cancelled_) context_.TryCancel();
    }
    ~Entry() {
      std::lock_guard lock(calls_.mutex_);
      calls_.contexts_.erase(&context_);
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    OpenCalls& calls_;
    grpc::ClientContext& context_;
  };

  // These, and those that follow.
  void Cancel() {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    for (grpc::ClientContext* const context : contexts_) context->TryCancel();
  }

 private:
  std::mutex mutex_;
  // Guarded by mutex_.
  absl::flat_hash_set<grpc::ClientContext*> contexts_;
  bool cancelled_ = false;
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_OPEN_CALLS_H_
