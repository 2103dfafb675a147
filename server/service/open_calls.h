// The calls of a streaming method on one serving thread: the one that waits for the next
// call, and those that are open.
#ifndef RCUKV_SERVER_SERVICE_OPEN_CALLS_H_
#define RCUKV_SERVER_SERVICE_OPEN_CALLS_H_

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <utility>

#include "server/service/call_host.h"

namespace rcukv {

// Thread safety: one thread, the serving one.
template <class Call>
class OpenCalls {
 public:
  // Has a new call wait for the next one.
  void Accept(CallHost& host) {
    waiting_ = std::make_unique<Call>(host);
    waiting_->Accept();
  }

  // `call`, which waited, waits no longer: none does.
  void Began(Call* call) { open_.emplace(call, std::move(waiting_)); }

  // Nothing of `call` is under way any more. Deletes it.
  void Ended(Call* call) {
    if (call == waiting_.get()) {
      waiting_.reset();
    } else {
      open_.erase(call);
    }
  }

  size_t open() const { return open_.size(); }

  // Calls visit(call) for each that is open; none may end meanwhile.
  template <class Visitor>
  void ForEach(Visitor visit) {
    for (const auto& [call, owner] : open_) visit(*call);
  }

 private:
  std::unique_ptr<Call> waiting_;
  std::unordered_map<Call*, std::unique_ptr<Call>> open_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_OPEN_CALLS_H_
