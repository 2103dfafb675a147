#include "loadtest/compare/batch_get_load.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "loadtest/base/cpu_time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/random.h"
#include "loadtest/compare/exchange.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv::loadtest {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kConnectTimeout{5};

std::shared_ptr<grpc::Channel> NewChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  // Otherwise all channels of the process share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

// Half of the cores are left to the server.
int ThreadsFor(int connections) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::min(connections, std::max(1, cores / 2));
}

// One call at a time; its address is its tag in the completion queue.
struct Call {
  Call(Rpc rpc, v1::KeyValueService::Stub* stub, grpc::CompletionQueue* queue)
      : exchange(Exchange::New(rpc, stub, queue, this)) {}

  const std::unique_ptr<Exchange> exchange;
  // Of the request's keys, in the dataset.
  std::vector<size_t> indexes;
  Clock::time_point sent;
};

}  // namespace

void BatchGetResult::Merge(const BatchGetResult& other) {
  calls += other.calls;
  reads += other.reads;
  wrong += other.wrong;
  if (first_wrong.empty()) first_wrong = other.first_wrong;
  seconds = std::max(seconds, other.seconds);
  threads += other.threads;
  cpu_seconds += other.cpu_seconds;
  latency_ns.Merge(other.latency_ns);
}

absl::Status WithWrongAnswers(const absl::Status& error, const BatchGetResult& result) {
  if (result.wrong == 0) return error;
  return absl::DataLossError(absl::StrFormat("%d wrong answers, the first: %s; then: %s",
                                             result.wrong, result.first_wrong,
                                             error.message()));
}

// The calls of one thread.
class BatchGetLoad::Loop {
 public:
  Loop(const BatchGetOptions& options, uint64_t seed, const Dataset& dataset,
       const WriteClock& writes)
      : options_(options), dataset_(dataset), writes_(writes), random_(seed) {}

  ~Loop() {
    for (size_t closing = CloseAll(); closing > 0;) closing -= Next().ended;
    queue_.Shutdown();
    void* tag;
    bool ok;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  absl::Status AddConnection(const std::string& address);

  absl::StatusOr<BatchGetResult> Run(absl::Duration duration);

 private:
  // An event of the queue: whose, and whether it ended what was under way there.
  struct Event {
    Call* call;
    bool ended;
  };

  Event Next();
  // Returns how many calls have events to come.
  size_t CloseAll();
  void Send(Call& call, Clock::time_point now);
  // What has come of a call.
  absl::Status Take(const Call& call, Clock::time_point now);
  void Check(const Call& call);
  void CountWrong(size_t index, std::string what);

  const BatchGetOptions& options_;
  const Dataset& dataset_;
  const WriteClock& writes_;
  Random random_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<v1::KeyValueService::Stub>> stubs_;
  std::vector<std::unique_ptr<Call>> calls_;
  // Of the running Run().
  BatchGetResult result_;
};

absl::Status BatchGetLoad::Loop::AddConnection(const std::string& address) {
  const std::shared_ptr<grpc::Channel> channel = NewChannel(address);
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + kConnectTimeout)) {
    return absl::UnavailableError(
        absl::StrFormat("cannot connect to the server at %s", address));
  }
  stubs_.push_back(v1::KeyValueService::NewStub(channel));
  for (int i = 0; i < options_.calls_in_flight; ++i) {
    calls_.push_back(std::make_unique<Call>(options_.rpc, stubs_.back().get(), &queue_));
  }
  return absl::OkStatus();
}

void BatchGetLoad::Loop::Send(Call& call, Clock::time_point now) {
  v1::BatchGetRequest& request = call.exchange->request;
  call.indexes.clear();
  request.clear_keys();
  for (int i = 0; i < options_.batch_keys; ++i) {
    call.indexes.push_back(random_.Below(dataset_.size()));
    request.add_keys(dataset_.key(call.indexes.back()));
  }
  call.sent = now;
  call.exchange->Send();
}

BatchGetLoad::Loop::Event BatchGetLoad::Loop::Next() {
  void* tag = nullptr;
  bool ok = false;
  queue_.Next(&tag, &ok);
  auto* const call = static_cast<Call*>(tag);
  return {call, call->exchange->Take(ok)};
}

size_t BatchGetLoad::Loop::CloseAll() {
  size_t closing = 0;
  for (const std::unique_ptr<Call>& call : calls_) closing += call->exchange->Close();
  return closing;
}

void BatchGetLoad::Loop::CountWrong(size_t index, std::string what) {
  if (result_.wrong++ == 0) {
    result_.first_wrong = absl::StrFormat("key %s: %s", dataset_.key(index), what);
  }
}

void BatchGetLoad::Loop::Check(const Call& call) {
  const v1::BatchGetResponse& response = call.exchange->response;
  const uint64_t newest = writes_.newest();
  const auto results = static_cast<size_t>(response.results_size());
  if (results > call.indexes.size()) {
    CountWrong(call.indexes.back(),
               absl::StrFormat("after it the answer has %d results that nobody asked for",
                               results - call.indexes.size()));
  }
  for (size_t i = 0; i < call.indexes.size(); ++i) {
    const size_t index = call.indexes[i];
    if (i >= results) {
      CountWrong(index, absl::StrFormat("the answer has %d results for %d keys", results,
                                        call.indexes.size()));
      continue;
    }
    const v1::BatchGetResponse::Result& answer = response.results(static_cast<int>(i));
    if (!answer.found()) {
      CountWrong(index, "not found");
    } else if (!dataset_.Implies(index, answer.value(), newest)) {
      CountWrong(index,
                 absl::StrFormat("not a value of this key: %d bytes, beginning %s",
                                 answer.value().size(),
                                 absl::BytesToHexString(answer.value().substr(0, 16))));
    }
  }
}

absl::Status BatchGetLoad::Loop::Take(const Call& call, Clock::time_point now) {
  const grpc::Status& status = call.exchange->status;
  if (!status.ok()) {
    return absl::Status(
        static_cast<absl::StatusCode>(status.error_code()),
        absl::StrFormat("%s: %s", NameOf(options_.rpc), status.error_message()));
  }
  ++result_.calls;
  result_.reads += call.indexes.size();
  result_.latency_ns.Record(static_cast<uint64_t>((now - call.sent).count()));
  Check(call);
  return absl::OkStatus();
}

absl::StatusOr<BatchGetResult> BatchGetLoad::Loop::Run(absl::Duration duration) {
  result_ = {};
  result_.threads = 1;
  const uint64_t cpu_before = ThreadCpuNs();
  absl::Status status;
  const Clock::time_point start = Clock::now();
  const Clock::time_point end = start + absl::ToChronoNanoseconds(duration);
  for (const std::unique_ptr<Call>& call : calls_) Send(*call, Clock::now());
  size_t in_flight = calls_.size();
  Clock::time_point now = start;
  while (in_flight > 0) {
    const Event event = Next();
    if (!event.ended) continue;
    now = Clock::now();
    status.Update(Take(*event.call, now));
    if (status.ok() && now < end && !Interrupted()) {
      Send(*event.call, now);
    } else {
      --in_flight;
    }
  }
  if (!status.ok()) return WithWrongAnswers(status, result_);
  result_.seconds = std::chrono::duration<double>(now - start).count();
  result_.cpu_seconds = static_cast<double>(ThreadCpuNs() - cpu_before) / 1e9;
  return std::move(result_);
}

absl::StatusOr<std::unique_ptr<BatchGetLoad>> BatchGetLoad::Connect(
    const std::string& address, const BatchGetOptions& options, const Dataset& dataset,
    const WriteClock& writes) {
  std::unique_ptr<BatchGetLoad> load(new BatchGetLoad());
  load->options_ = options;
  const int threads = ThreadsFor(options.connections);
  for (int i = 0; i < threads; ++i) {
    load->loops_.push_back(std::make_unique<Loop>(
        load->options_, Mix(options.seed + static_cast<uint64_t>(i)), dataset, writes));
  }
  for (int i = 0; i < options.connections; ++i) {
    absl::Status status =
        load->loops_[static_cast<size_t>(i % threads)]->AddConnection(address);
    if (!status.ok()) return status;
  }
  return load;
}

BatchGetLoad::~BatchGetLoad() = default;

absl::StatusOr<BatchGetResult> BatchGetLoad::Run(absl::Duration duration) {
  std::vector<std::future<absl::StatusOr<BatchGetResult>>> running;
  for (const std::unique_ptr<Loop>& loop : loops_) {
    running.push_back(std::async(std::launch::async,
                                 [&loop, duration] { return loop->Run(duration); }));
  }
  BatchGetResult total;
  absl::Status status;
  for (auto& one : running) {
    const absl::StatusOr<BatchGetResult> result = one.get();
    if (result.ok()) {
      total.Merge(*result);
    } else {
      status.Update(result.status());
    }
  }
  if (!status.ok()) return status;
  return total;
}

}  // namespace rcukv::loadtest
