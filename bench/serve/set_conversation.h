// A peer's connection that writes: sets keys drawn at random, and sees each stored.
//
// What a key gets is what it has already, so that readers beside it can compare every
// value with what its key implies; to the server it is a new value all the same.
//
// Thread safety: one thread.
#ifndef RCUKV_BENCH_SERVE_SET_CONVERSATION_H_
#define RCUKV_BENCH_SERVE_SET_CONVERSATION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "bench/serve/data.h"
#include "bench/serve/load.h"
#include "bench/serve/socket.h"
#include "loadtest/random.h"

namespace rcukv::bench {

// The interface of Conversation (conversation.h).
template <class Codec>
class SetConversation {
 public:
  SetConversation(Socket socket, uint32_t entries, uint64_t seed)
      : socket_(std::move(socket)), entries_(entries), random_(loadtest::Mix(seed + 1)) {}

  int fd() const { return socket_.fd(); }

  // Sends a request; the one before has been answered.
  void Ask() {
    const auto index = static_cast<uint32_t>(random_.Below(entries_));
    request_.clear();
    Codec::AppendSet(KeyOf(index), ValueOf(index).bytes(), &request_);
    received_ = 0;
    if (const absl::Status status = socket_.Send(request_); !status.ok()) {
      EndSample(std::string(status.message()));
    }
  }

  // Waits for bytes, and returns whether the request is answered.
  bool Receive() {
    const absl::StatusOr<size_t> more =
        socket_.Receive(input_ + received_, sizeof(input_) - received_);
    if (!more.ok()) EndSample(std::string(more.status().message()));
    received_ += *more;
    const std::string_view answer(input_, received_);
    if (answer == Codec::kStored) return true;
    // An error may be shorter than what is waited for.
    if (Codec::kStored.substr(0, answer.size()) == answer) return false;
    EndSample("the server does not store: it says \"" + std::string(answer) + "\"");
  }

 private:
  Socket socket_;
  const uint32_t entries_;
  loadtest::Random random_;
  std::string request_;
  // What has arrived of the answer: the first `received_` bytes.
  char input_[256];
  size_t received_ = 0;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_SET_CONVERSATION_H_
