#include "server/service/unpolled_queue.h"

#include <cstdlib>
#include <string_view>

namespace rcukv {
namespace {

// Whether all that poll share one set: "epoll1", gRPC's first choice.
bool PollersShareASet() {
  const char* strategy = std::getenv("GRPC_POLL_STRATEGY");
  if (strategy == nullptr) return true;
  return std::string_view(strategy) == "all" ||
         std::string_view(strategy).starts_with("epoll1");
}

}  // namespace

UnpolledQueue::UnpolledQueue(grpc::ServerBuilder* builder)
    : queue_(builder->AddCompletionQueue()) {
  if (!PollersShareASet()) poller_ = std::thread([this] { Poll(); });
}

UnpolledQueue::~UnpolledQueue() {
  queue_->Shutdown();
  if (poller_.joinable()) {
    poller_.join();
  } else {
    Poll();
  }
}

void UnpolledQueue::Poll() {
  void* tag;
  bool ok;
  while (queue_->Next(&tag, &ok)) {
  }
}

}  // namespace rcukv
