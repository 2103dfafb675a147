#include "bench/serve/rcukv_load.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "bench/serve/data.h"
#include "clients/cpp/bulk_writer.h"
#include "clients/cpp/client.h"
#include "loadtest/random.h"
#include "loadtest/workload/arrivals.h"

namespace rcukv::bench {
namespace {

using Answer = absl::StatusOr<std::optional<rcukv::Value>>;
using Answers = absl::StatusOr<rcukv::Values>;

absl::StatusOr<std::unique_ptr<Client>> ConnectTo(const ServeSampleOptions& options) {
  return Client::Connect(absl::StrCat("127.0.0.1:", options.port));
}

// The keys that a caller asks for.
class Draw {
 public:
  Draw(int64_t entries, uint64_t caller)
      : entries_(static_cast<uint64_t>(entries)), random_(loadtest::Mix(caller + 1)) {}

  uint32_t Next() { return static_cast<uint32_t>(random_.Below(entries_)); }

 private:
  const uint64_t entries_;
  loadtest::Random random_;
};

// Of a Value, or of one in its answer.
template <class SomeValue>
void CheckValue(uint32_t index, const std::optional<SomeValue>& value) {
  if (!value.has_value() || !IsValueOf(index, value->value)) EndWithWrongValue(index);
}

void CheckAnswer(uint32_t index, const Answer& answer) {
  if (!answer.ok()) EndSample(answer.status().ToString());
  CheckValue(index, *answer);
}

// What a caller of batches asks for.
class BatchDraw {
 public:
  BatchDraw(const ServeSampleOptions& options, uint64_t caller)
      : draw_(options.entries, caller),
        indices_(static_cast<size_t>(options.keys)),
        keys_(indices_.size()) {}

  const std::vector<std::string>& Next() {
    for (size_t i = 0; i < keys_.size(); ++i) {
      indices_[i] = draw_.Next();
      keys_[i].assign(KeyOf(indices_[i]).bytes());
    }
    return keys_;
  }

  // The answer to what Next returned last.
  void Check(const Answers& answers) const {
    if (!answers.ok()) EndSample(answers.status().ToString());
    for (size_t i = 0; i < indices_.size(); ++i) CheckValue(indices_[i], (*answers)[i]);
  }

 private:
  Draw draw_;
  std::vector<uint32_t> indices_;
  std::vector<std::string> keys_;
};

// ---- Callers that are threads

class ThreadsLoad : public Load {
 public:
  ThreadsLoad(std::unique_ptr<Client> client, const ServeSampleOptions& options)
      : client_(std::move(client)),
        options_(options),
        answered_(static_cast<size_t>(options.callers)) {
    for (size_t i = 0; i < answered_.size(); ++i) {
      threads_.emplace_back([this, i] { CallAgainAndAgain(i); });
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

  void CallAgainAndAgain(size_t caller) {
    switch (options_.work) {
      case Work::kBatch:
        return CallBatchGet(caller);
      case Work::kPut:
        return CallPut(caller);
      default:
        return CallGet(caller);
    }
  }

  void CallGet(size_t caller) {
    Draw draw(options_.entries, caller);
    while (!stopping()) {
      const uint32_t index = draw.Next();
      CheckAnswer(index, client_->Get(KeyOf(index).bytes()));
      answered_[caller].Add(1);
    }
  }

  void CallBatchGet(size_t caller) {
    BatchDraw draw(options_, caller);
    while (!stopping()) {
      draw.Check(client_->BatchGet(draw.Next()));
      answered_[caller].Add(static_cast<uint64_t>(options_.keys));
    }
  }

  void CallPut(size_t caller) {
    Draw draw(options_.entries, caller);
    while (!stopping()) {
      const uint32_t index = draw.Next();
      const auto revision = client_->Put(KeyOf(index).bytes(), ValueOf(index).bytes());
      if (!revision.ok()) EndSample(revision.status().ToString());
      answered_[caller].Add(1);
    }
  }

  const std::unique_ptr<Client> client_;
  const ServeSampleOptions options_;
  Counters answered_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

// ---- Callers that are events

// Each answer makes the next call, until the load stops. `Caller` is what one asks for.
template <class Caller>
class EventsLoad : public Load {
 public:
  EventsLoad(std::unique_ptr<Client> client, const ServeSampleOptions& options)
      : answered_(static_cast<size_t>(options.callers)),
        calling_(options.callers),
        client_(std::move(client)) {
    for (size_t i = 0; i < answered_.size(); ++i) callers_.emplace_back(options, i);
    for (size_t i = 0; i < answered_.size(); ++i) Call(i);
  }

  const Counters& answered() const override { return answered_; }

  void Stop() override {
    // relaxed: nothing is published through it.
    stopping_.store(true, std::memory_order_relaxed);
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](int64_t* calling) { return *calling == 0; }, &calling_));
  }

 private:
  void Call(size_t i) {
    callers_[i].Call(*client_, [this, i](uint64_t keys) {
      answered_[i].Add(keys);
      stopping_.load(std::memory_order_relaxed) ? End() : Call(i);
    });
  }

  void End() {
    absl::MutexLock lock(&mutex_);
    --calling_;
  }

  Counters answered_;
  std::vector<Caller> callers_;
  std::atomic<bool> stopping_{false};
  absl::Mutex mutex_;
  int64_t calling_ ABSL_GUARDED_BY(mutex_);
  // Ends first: its callbacks use the rest.
  const std::unique_ptr<Client> client_;
};

class GetCaller {
 public:
  GetCaller(const ServeSampleOptions& options, uint64_t caller)
      : draw_(options.entries, caller) {}

  // Calls `done` with the number of keys that were answered.
  template <class Done>
  void Call(const Client& client, Done done) {
    const uint32_t index = draw_.Next();
    client.GetAsync(KeyOf(index).bytes(), {}, [index, done](Answer answer) {
      CheckAnswer(index, answer);
      done(1);
    });
  }

 private:
  Draw draw_;
};

class BatchCaller {
 public:
  BatchCaller(const ServeSampleOptions& options, uint64_t caller)
      : draw_(options, caller) {}

  template <class Done>
  void Call(const Client& client, Done done) {
    client.BatchGetAsync(draw_.Next(), {}, [this, done](Answers answers) {
      draw_.Check(answers);
      done(answers->size());
    });
  }

 private:
  BatchDraw draw_;
};

// One thread that keeps a Put of each caller under way.
class BulkPutLoad : public Load {
 public:
  BulkPutLoad(std::unique_ptr<Client> client, const ServeSampleOptions& options)
      : client_(std::move(client)),
        options_(options),
        answered_(1),
        thread_([this] { Put(); }) {}

  const Counters& answered() const override { return answered_; }

  void Stop() override {
    // relaxed: nothing is published through it.
    stopping_.store(true, std::memory_order_relaxed);
    thread_.join();
  }

 private:
  void Put() {
    BulkWriter writer(*client_,
                      {.max_writes_in_flight = static_cast<size_t>(options_.callers)});
    Draw draw(options_.entries, 0);
    uint64_t counted = 0;
    while (!stopping_.load(std::memory_order_relaxed)) {
      const uint32_t index = draw.Next();
      if (!writer.Put(KeyOf(index).bytes(), ValueOf(index).bytes())) break;
      answered_[0].Add(writer.written() - counted);
      counted = writer.written();
    }
    writer.Flush();
    for (const BulkWriter::Failure& failure : writer.TakeFailures()) {
      EndSample(failure.status.ToString());
    }
  }

  const std::unique_ptr<Client> client_;
  const ServeSampleOptions options_;
  Counters answered_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// ---- The open loop

class PacedRcukvLoad : public PacedLoad {
 public:
  PacedRcukvLoad(std::unique_ptr<Client> client, const ServeSampleOptions& options,
                 const Window& window)
      : options_(options),
        window_(window),
        answered_(1),
        idle_(options.callers),
        client_(std::move(client)),
        pacer_([this] { MakeCalls(); }) {}

  const Counters& answered() const override { return answered_; }

  void Stop() override {
    pacer_.join();
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &PacedRcukvLoad::AllIdle));
  }

  const loadtest::LatencyHistogram& latency_ns() const override { return latency_ns_; }

 private:
  using Clock = Window::Clock;

  bool AllIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return idle_ == options_.callers;
  }
  bool AnyIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return idle_ > 0; }

  void TakeCaller() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &PacedRcukvLoad::AnyIdle));
    --idle_;
  }

  void MakeCalls() {
    Draw draw(options_.entries, 0);
    loadtest::Arrivals arrivals(window_.start, options_.rate, /*seed=*/0);
    for (; arrivals.due() < window_.end; arrivals.Advance()) {
      const Clock::time_point due = arrivals.due();
      std::this_thread::sleep_until(due);
      TakeCaller();
      const uint32_t index = draw.Next();
      client_->GetAsync(KeyOf(index).bytes(), {}, [this, index, due](Answer answer) {
        CheckAnswer(index, answer);
        TakeAnswer(due);
      });
    }
  }

  void TakeAnswer(Clock::time_point due) {
    const Clock::duration latency = Clock::now() - due;
    absl::MutexLock lock(&mutex_);
    answered_[0].Add(1);
    ++idle_;
    if (due >= window_.begin) latency_ns_.Record(static_cast<uint64_t>(latency.count()));
  }

  const ServeSampleOptions options_;
  const Window window_;
  Counters answered_;
  absl::Mutex mutex_;
  // Callers that have no call under way.
  int64_t idle_ ABSL_GUARDED_BY(mutex_);
  // Written under the mutex.
  loadtest::LatencyHistogram latency_ns_;
  // Ends before what its callbacks use.
  const std::unique_ptr<Client> client_;
  std::thread pacer_;
};

}  // namespace

absl::Status FillRcukv(const ServeSampleOptions& options) {
  const auto client = ConnectTo(options);
  if (!client.ok()) return client.status();
  BulkWriter writer(**client);
  for (uint32_t i = 0; i < static_cast<uint32_t>(options.entries); ++i) {
    if (!writer.Put(KeyOf(i).bytes(), ValueOf(i).bytes())) break;
  }
  writer.Flush();
  const std::vector<BulkWriter::Failure> failures = writer.TakeFailures();
  return failures.empty() ? absl::OkStatus() : failures[0].status;
}

absl::StatusOr<std::unique_ptr<Load>> StartRcukvLoad(const ServeSampleOptions& options) {
  auto client = ConnectTo(options);
  if (!client.ok()) return client.status();
  if (options.shape == Shape::kThreads) {
    return std::make_unique<ThreadsLoad>(*std::move(client), options);
  }
  if (options.work == Work::kPut) {
    return std::make_unique<BulkPutLoad>(*std::move(client), options);
  }
  if (options.work == Work::kBatch) {
    return std::make_unique<EventsLoad<BatchCaller>>(*std::move(client), options);
  }
  return std::make_unique<EventsLoad<GetCaller>>(*std::move(client), options);
}

absl::StatusOr<std::unique_ptr<PacedLoad>> StartPacedRcukvLoad(
    const ServeSampleOptions& options, const Window& window) {
  auto client = ConnectTo(options);
  if (!client.ok()) return client.status();
  return std::make_unique<PacedRcukvLoad>(*std::move(client), options, window);
}

}  // namespace rcukv::bench
