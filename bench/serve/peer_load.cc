#include "bench/serve/peer_load.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "bench/serve/conversation.h"
#include "bench/serve/data.h"
#include "bench/serve/event_queue.h"
#include "bench/serve/memcache.h"
#include "bench/serve/pipelined_sets.h"
#include "bench/serve/resp.h"
#include "bench/serve/set_conversation.h"
#include "bench/serve/socket.h"
#include "loadtest/workload/arrivals.h"

namespace rcukv::bench {
namespace {

// Of one kind: Conversation or SetConversation, of a codec.
template <class Talk>
using Conversations = std::vector<std::unique_ptr<Talk>>;

size_t KeysOfARequest(const ServeSampleOptions& options) {
  return options.work == Work::kBatch ? static_cast<size_t>(options.keys) : 1;
}

// One a caller, of the kind Talk, which is made from a Socket, `argument` and a seed.
template <class Talk, class Argument>
absl::StatusOr<Conversations<Talk>> Converse(const ServeSampleOptions& options,
                                             const Argument& argument) {
  Conversations<Talk> conversations;
  for (int64_t i = 0; i < options.callers; ++i) {
    absl::StatusOr<Socket> socket = Socket::Connect(static_cast<int>(options.port));
    if (!socket.ok()) return socket.status();
    conversations.push_back(
        std::make_unique<Talk>(*std::move(socket), argument, static_cast<uint64_t>(i)));
  }
  return conversations;
}

template <class Codec>
absl::StatusOr<Conversations<Conversation<Codec>>> ConverseToRead(
    const ServeSampleOptions& options) {
  return Converse<Conversation<Codec>>(
      options, Questions{.entries = static_cast<uint32_t>(options.entries),
                         .keys = KeysOfARequest(options)});
}

template <class Codec>
absl::StatusOr<Conversations<SetConversation<Codec>>> ConverseToWrite(
    const ServeSampleOptions& options) {
  return Converse<SetConversation<Codec>>(options,
                                          static_cast<uint32_t>(options.entries));
}

// Deals them to so many threads.
template <class Talk>
std::vector<Conversations<Talk>> Dealt(Conversations<Talk> all, size_t threads) {
  std::vector<Conversations<Talk>> hands(threads);
  for (size_t i = 0; i < all.size(); ++i) {
    hands[i % threads].push_back(std::move(all[i]));
  }
  return hands;
}

// ---- Closed loops

// Threads with a hand of conversations each; one that has more than one of them waits for
// any.
template <class Talk>
class ClosedLoad : public Load {
 public:
  ClosedLoad(std::vector<Conversations<Talk>> hands, size_t keys)
      : hands_(std::move(hands)), keys_(keys), answered_(hands_.size()) {
    for (size_t i = 0; i < hands_.size(); ++i) {
      threads_.emplace_back([this, i] {
        hands_[i].size() == 1 ? Block(*hands_[i][0], answered_[i])
                              : Loop(hands_[i], answered_[i]);
      });
    }
  }

  const Counters& answered() const override { return answered_; }

  void Stop() override {
    // relaxed: nothing is published through it.
    stopping_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  bool stopping() const { return stopping_.load(std::memory_order_relaxed); }

  void Block(Talk& conversation, Counter& answered) {
    while (!stopping()) {
      conversation.Ask();
      while (!conversation.Receive()) {
      }
      answered.Add(keys_);
    }
  }

  void Loop(Conversations<Talk>& conversations, Counter& answered) {
    EventQueue events;
    for (uint32_t i = 0; i < conversations.size(); ++i) {
      events.Add(conversations[i]->fd(), i);
      conversations[i]->Ask();
    }
    size_t waiting = conversations.size();
    while (waiting > 0) {
      for (const uint32_t i : events.Wait(std::nullopt)) {
        if (!conversations[i]->Receive()) continue;
        answered.Add(keys_);
        if (stopping()) {
          --waiting;
        } else {
          conversations[i]->Ask();
        }
      }
    }
  }

  std::vector<Conversations<Talk>> hands_;
  const size_t keys_;
  Counters answered_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

// ---- The open loop

template <class Codec>
class PacedPeerLoad : public PacedLoad {
 public:
  PacedPeerLoad(std::vector<Conversations<Conversation<Codec>>> hands, double rate,
                const Window& window)
      : window_(window), answered_(hands.size()), latencies_ns_(hands.size()) {
    const double rate_of_each = rate / static_cast<double>(hands.size());
    for (size_t i = 0; i < hands.size(); ++i) {
      threads_.emplace_back([this, i, rate_of_each, hand = std::move(hands[i])] {
        Loop(hand, loadtest::Arrivals(window_.start, rate_of_each, /*seed=*/i),
             answered_[i], latencies_ns_[i]);
      });
    }
  }

  const Counters& answered() const override { return answered_; }

  void Stop() override {
    for (std::thread& thread : threads_) thread.join();
    for (const auto& latency_ns : latencies_ns_) latency_ns_.Merge(latency_ns);
  }

  const loadtest::LatencyHistogram& latency_ns() const override { return latency_ns_; }

 private:
  using Clock = Window::Clock;

  // How long a loop may wait for answers.
  std::optional<std::chrono::nanoseconds> Patience(Clock::time_point due,
                                                   bool any_idle) const {
    if (!any_idle || due >= window_.end) return std::nullopt;
    return due - Clock::now();
  }

  void Loop(const Conversations<Conversation<Codec>>& conversations,
            loadtest::Arrivals arrivals, Counter& answered,
            loadtest::LatencyHistogram& latency_ns) {
    EventQueue events;
    std::vector<uint32_t> idle;
    // By conversation.
    std::vector<Clock::time_point> due(conversations.size());
    for (uint32_t i = 0; i < conversations.size(); ++i) {
      events.Add(conversations[i]->fd(), i);
      idle.push_back(i);
    }
    while (arrivals.due() < window_.end || idle.size() < conversations.size()) {
      while (!idle.empty() && arrivals.due() < window_.end &&
             arrivals.due() <= Clock::now()) {
        const uint32_t i = idle.back();
        idle.pop_back();
        due[i] = arrivals.due();
        arrivals.Advance();
        conversations[i]->Ask();
      }
      for (const uint32_t i : events.Wait(Patience(arrivals.due(), !idle.empty()))) {
        if (!conversations[i]->Receive()) continue;
        answered.Add(1);
        idle.push_back(i);
        if (due[i] < window_.begin) continue;
        latency_ns.Record(static_cast<uint64_t>((Clock::now() - due[i]).count()));
      }
    }
  }

  const Window window_;
  Counters answered_;
  // Of each thread; merged by Stop().
  std::vector<loadtest::LatencyHistogram> latencies_ns_;
  loadtest::LatencyHistogram latency_ns_;
  std::vector<std::thread> threads_;
};

// ---- Filling

// Pipelined: so many at once.
constexpr uint32_t kSetsAtOnce = 1000;

absl::Status CheckStored(std::string_view answers, std::string_view stored) {
  for (size_t at = 0; at < answers.size(); at += stored.size()) {
    const std::string_view answer = answers.substr(at, stored.size());
    if (answer == stored) continue;
    constexpr size_t kShown = 60;
    return absl::InternalError(
        absl::StrFormat("the server does not store: it says \"%s\"",
                        std::string(answers.substr(at, kShown))));
  }
  return absl::OkStatus();
}

template <class Codec>
absl::Status StoreRange(Socket& socket, uint32_t begin, uint32_t end) {
  std::string requests;
  for (uint32_t i = begin; i < end; ++i) {
    Codec::AppendSet(KeyOf(i), ValueOf(i).bytes(), &requests);
  }
  if (absl::Status status = socket.Send(requests); !status.ok()) return status;
  std::string answers((end - begin) * Codec::kStored.size(), '\0');
  for (size_t received = 0; received < answers.size();) {
    const absl::StatusOr<size_t> more =
        socket.Receive(answers.data() + received, answers.size() - received);
    if (!more.ok()) return more.status();
    received += *more;
    // An error may be shorter than what is waited for.
    const size_t whole = received - received % Codec::kStored.size();
    const absl::Status status =
        CheckStored(std::string_view(answers).substr(0, whole), Codec::kStored);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

template <class Codec>
absl::Status Fill(const ServeSampleOptions& options) {
  absl::StatusOr<Socket> socket = Socket::Connect(static_cast<int>(options.port));
  if (!socket.ok()) return socket.status();
  const auto entries = static_cast<uint32_t>(options.entries);
  for (uint32_t begin = 0; begin < entries; begin += kSetsAtOnce) {
    const uint32_t end = std::min(begin + kSetsAtOnce, entries);
    if (absl::Status status = StoreRange<Codec>(*socket, begin, end); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

// ---- By protocol

template <class Talk>
absl::StatusOr<std::unique_ptr<Load>> StartClosedOf(
    absl::StatusOr<Conversations<Talk>> conversations,
    const ServeSampleOptions& options) {
  if (!conversations.ok()) return conversations.status();
  const int64_t threads =
      options.shape == Shape::kThreads ? options.callers : options.loops;
  return std::make_unique<ClosedLoad<Talk>>(
      Dealt(*std::move(conversations), static_cast<size_t>(threads)),
      KeysOfARequest(options));
}

template <class Codec>
absl::StatusOr<std::unique_ptr<Load>> StartPipelined(const ServeSampleOptions& options) {
  absl::StatusOr<Socket> socket = Socket::Connect(static_cast<int>(options.port));
  if (!socket.ok()) return socket.status();
  return std::make_unique<PipelinedSets<Codec>>(*std::move(socket),
                                                static_cast<uint32_t>(options.entries),
                                                static_cast<size_t>(options.callers));
}

template <class Codec>
absl::StatusOr<std::unique_ptr<Load>> StartClosed(const ServeSampleOptions& options) {
  if (options.shape == Shape::kPipeline) return StartPipelined<Codec>(options);
  if (options.work == Work::kPut) {
    return StartClosedOf(ConverseToWrite<Codec>(options), options);
  }
  return StartClosedOf(ConverseToRead<Codec>(options), options);
}

template <class Codec>
absl::StatusOr<std::unique_ptr<PacedLoad>> StartPaced(const ServeSampleOptions& options,
                                                      const Window& window) {
  auto conversations = ConverseToRead<Codec>(options);
  if (!conversations.ok()) return conversations.status();
  return std::make_unique<PacedPeerLoad<Codec>>(
      Dealt(*std::move(conversations), static_cast<size_t>(options.loops)), options.rate,
      window);
}

// Calls `use` with a codec of the protocol, of which only the type counts.
template <class Use>
auto WithCodec(Protocol protocol, Use use) {
  switch (protocol) {
    case Protocol::kMemcacheText:
      return use(MemcacheText());
    case Protocol::kMemcacheMeta:
      return use(MemcacheMeta());
    case Protocol::kRedis:
    case Protocol::kRcukv:  // No peer's, and not asked for.
      break;
  }
  return use(Resp());
}

}  // namespace

absl::Status FillPeer(const ServeSampleOptions& options) {
  return WithCodec(options.protocol,
                   [&]<class Codec>(Codec) { return Fill<Codec>(options); });
}

absl::StatusOr<std::unique_ptr<Load>> StartPeerLoad(const ServeSampleOptions& options) {
  return WithCodec(options.protocol,
                   [&]<class Codec>(Codec) { return StartClosed<Codec>(options); });
}

absl::StatusOr<std::unique_ptr<PacedLoad>> StartPacedPeerLoad(
    const ServeSampleOptions& options, const Window& window) {
  return WithCodec(options.protocol, [&]<class Codec>(Codec) {
    return StartPaced<Codec>(options, window);
  });
}

}  // namespace rcukv::bench
