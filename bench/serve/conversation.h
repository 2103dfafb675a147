// A peer's connection: asks for keys drawn at random, and compares what comes back.
//
//   Conversation<Resp> conversation(*std::move(socket), {.entries = 1000, .keys = 1}, 7);
//   conversation.Ask();
//   while (!conversation.Receive()) {
//   }
//
// One buffer each way, one send a request and one recv for what has arrived: as lean as a
// client of these protocols can be.
//
// Thread safety: one thread.
#ifndef RCUKV_BENCH_SERVE_CONVERSATION_H_
#define RCUKV_BENCH_SERVE_CONVERSATION_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/serve/data.h"
#include "bench/serve/load.h"
#include "bench/serve/reply.h"
#include "bench/serve/socket.h"
#include "loadtest/base/random.h"

namespace rcukv::bench {

struct Questions {
  uint32_t entries = 1;
  // Of a request: 1 asks by the codec's AppendGet, more by its AppendMultiGet.
  size_t keys = 1;
};

template <class Codec>
class Conversation {
 public:
  Conversation(Socket socket, const Questions& questions, uint64_t seed)
      : socket_(std::move(socket)),
        questions_(questions),
        random_(loadtest::Mix(seed + 1)),
        input_(kMinRoomBytes + 2 * questions.keys * (kKeyBytes + kValueBytes + 32)),
        indices_(questions.keys),
        keys_(questions.keys) {}

  int fd() const { return socket_.fd(); }

  // Sends a request; the one before has been answered.
  void Ask() {
    for (size_t i = 0; i < questions_.keys; ++i) {
      indices_[i] = static_cast<uint32_t>(random_.Below(questions_.entries));
      keys_[i] = KeyOf(indices_[i]);
    }
    request_.clear();
    if (questions_.keys == 1) {
      Codec::AppendGet(keys_[0], &request_);
      codec_.BeginGet();
    } else {
      Codec::AppendMultiGet(keys_, &request_);
      codec_.BeginMultiGet();
    }
    taken_ = 0;
    if (const absl::Status status = socket_.Send(request_); !status.ok()) {
      EndSample(std::string(status.message()));
    }
  }

  // Waits for bytes, and returns whether the request is answered.
  bool Receive() {
    const absl::StatusOr<size_t> received =
        socket_.Receive(input_.data() + end_, input_.size() - end_);
    if (!received.ok()) EndSample(std::string(received.status().message()));
    end_ += *received;
    return Take();
  }

 private:
  static constexpr size_t kMinRoomBytes = 4096;

  // Takes what is there of the reply.
  bool Take() {
    std::string_view input(input_.data(), end_);
    std::string_view value;
    ReplyStep step;
    while ((step = codec_.Next(&input, &value)) == ReplyStep::kValue) Check(value);
    if (step == ReplyStep::kBroken) EndWithBrokenReply(input);
    if (step == ReplyStep::kEnd) {
      if (taken_ != questions_.keys || !input.empty()) EndWithBrokenReply(input);
      end_ = 0;
      return true;
    }
    // What is left is less than a value: little to move.
    memmove(input_.data(), input.data(), input.size());
    end_ = input.size();
    return false;
  }

  void Check(std::string_view value) {
    if (taken_ == questions_.keys)
      EndSample("more values came back than keys were asked");
    const uint32_t index = indices_[taken_++];
    if (!IsValueOf(index, value)) EndWithWrongValue(index);
  }

  [[noreturn]] void EndWithBrokenReply(std::string_view rest) const {
    constexpr size_t kShown = 60;
    EndSample(std::to_string(taken_) + " of " + std::to_string(questions_.keys) +
              " values came back, then \"" + std::string(rest.substr(0, kShown)) + "\"");
  }

  Socket socket_;
  const Questions questions_;
  loadtest::Random random_;
  Codec codec_;
  std::string request_;
  // What has arrived and was not taken: the first `end_` bytes.
  std::vector<char> input_;
  size_t end_ = 0;
  // Of the request under way.
  std::vector<uint32_t> indices_;
  std::vector<Key> keys_;
  // Of its values.
  size_t taken_ = 0;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_CONVERSATION_H_
