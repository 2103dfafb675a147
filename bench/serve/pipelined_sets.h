// A peer's connection that writes ahead: a number of sets are under way on it at a time,
// and each that is stored makes the next one. What is under way is what as many callers
// would have, so a server may take all of it at once, with one call of the system and one
// sync of its log.
//
// Thread safety: as Load's.
#ifndef RCUKV_BENCH_SERVE_PIPELINED_SETS_H_
#define RCUKV_BENCH_SERVE_PIPELINED_SETS_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/counter.h"
#include "bench/serve/data.h"
#include "bench/serve/load.h"
#include "bench/serve/socket.h"
#include "loadtest/base/random.h"

namespace rcukv::bench {

// Of a codec (reply.h). Sets what keys have already, as SetConversation.
template <class Codec>
class PipelinedSets : public Load {
 public:
  // `under_way` is at least 1.
  PipelinedSets(Socket socket, uint32_t entries, size_t under_way)
      : socket_(std::move(socket)),
        entries_(entries),
        random_(loadtest::Mix(1)),
        answered_(1),
        thread_([this, under_way] { SetAgainAndAgain(under_way); }) {}

  const Counters& answered() const override { return answered_; }

  void Stop() override {
    // relaxed: nothing is published through it.
    stopping_.store(true, std::memory_order_relaxed);
    thread_.join();
  }

 private:
  void SetAgainAndAgain(size_t under_way) {
    Send(under_way);
    while (under_way > 0) {
      const size_t stored = Receive();
      answered_[0].Add(stored);
      if (stopping_.load(std::memory_order_relaxed)) {
        under_way -= stored;
      } else if (stored > 0) {
        Send(stored);
      }
    }
  }

  void Send(size_t sets) {
    requests_.clear();
    for (size_t i = 0; i < sets; ++i) {
      const auto index = static_cast<uint32_t>(random_.Below(entries_));
      Codec::AppendSet(KeyOf(index), ValueOf(index).bytes(), &requests_);
    }
    if (const absl::Status status = socket_.Send(requests_); !status.ok()) {
      EndSample(std::string(status.message()));
    }
  }

  // Waits for bytes, and returns how many sets they say are stored.
  size_t Receive() {
    const absl::StatusOr<size_t> more =
        socket_.Receive(input_ + received_, sizeof(input_) - received_);
    if (!more.ok()) EndSample(std::string(more.status().message()));
    received_ += *more;
    std::string_view answers(input_, received_);
    size_t stored = 0;
    for (; answers.substr(0, Codec::kStored.size()) == Codec::kStored; ++stored) {
      answers.remove_prefix(Codec::kStored.size());
    }
    if (Codec::kStored.substr(0, answers.size()) != answers) {
      EndSample("the server does not store: it says \"" + std::string(answers) + "\"");
    }
    received_ = answers.size();
    std::copy(answers.begin(), answers.end(), input_);
    return stored;
  }

  Socket socket_;
  const uint32_t entries_;
  loadtest::Random random_;
  std::string requests_;
  // What has arrived of answers that are not whole: the first `received_` bytes.
  char input_[4096];
  size_t received_ = 0;
  Counters answered_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_PIPELINED_SETS_H_
