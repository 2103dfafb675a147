#include "server/service/serving_thread.h"

#include <pthread.h>

#include <chrono>
#include <iterator>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "server/store/store.h"

namespace rcukv {
namespace {

// A synchronous handler of Handlers.
template <typename Path>
void AnswerAtOnce(Path& path,
                  absl::Status (Path::*handle)(std::string_view, OutputBuffer*),
                  std::string_view request, UnaryCall& call) {
  OutputBuffer response;
  const absl::Status status = (path.*handle)(request, &response);
  call.Answer(status, std::move(response));
}

// Of those that answer later, from another thread.
template <typename Path>
typename Path::Reply ReplyOf(UnaryCall& call) {
  return [&call](const absl::Status& status, OutputBuffer response) {
    call.Answer(status, std::move(response));
  };
}

template <typename Path>
void AnswerLater(Path& path, void (Path::*handle)(std::string_view, typename Path::Reply),
                 std::string_view request, UnaryCall& call) {
  (path.*handle)(request, ReplyOf<Path>(call));
}

// Calls of the generated RequestX, whose classes differ from method to method.
#define RCUKV_ACCEPT(service, method)                                                \
  [](RawServices* services, grpc::ServerContext* context, grpc::ByteBuffer* request, \
     UnaryMethod::Writer* writer, grpc::ServerCompletionQueue* queue, void* tag) {   \
    services->service.Request##method(context, request, writer, queue, queue, tag);  \
  }

// So many calls wait at a time; one that is taken is replaced at once.
const UnaryMethod kUnaryMethods[] = {
    {RCUKV_ACCEPT(key_value, Get),
     [](Handlers& handlers, std::string_view request, UnaryCall& call) {
       AnswerAtOnce(handlers.read, &ReadPath::Get, request, call);
     },
     /*waiting=*/64},
    {RCUKV_ACCEPT(key_value, BatchGet),
     [](Handlers& handlers, std::string_view request, UnaryCall& call) {
       AnswerAtOnce(handlers.read, &ReadPath::BatchGet, request, call);
     },
     /*waiting=*/64},
    {RCUKV_ACCEPT(key_value, Scan),
     [](Handlers& handlers, std::string_view request, UnaryCall& call) {
       AnswerAtOnce(handlers.scan, &ScanPath::Scan, request, call);
     },
     /*waiting=*/8},
    {RCUKV_ACCEPT(key_value, Put),
     [](Handlers& handlers, std::string_view request, UnaryCall& call) {
       AnswerLater(handlers.write, &WritePath::Put, request, call);
     },
     /*waiting=*/64, CallHost::Purpose::kWrite},
    {RCUKV_ACCEPT(key_value, Delete),
     [](Handlers& handlers, std::string_view request, UnaryCall& call) {
       AnswerLater(handlers.write, &WritePath::Delete, request, call);
     },
     /*waiting=*/64, CallHost::Purpose::kWrite},
    // Its answer may be large, so it is refused where a BatchGet is.
    {RCUKV_ACCEPT(key_value, BatchWrite),
     [](Handlers& handlers, std::string_view request, UnaryCall& call) {
       AnswerLater(handlers.batch_write, &BatchWritePath::BatchWrite, request, call);
     },
     /*waiting=*/16, CallHost::Purpose::kRead},
    {RCUKV_ACCEPT(key_value, Txn),
     [](Handlers& handlers, std::string_view request, UnaryCall& call) {
       handlers.txn.Txn(
           request, [&call](size_t bytes) { return call.Expect(bytes); },
           ReplyOf<TxnPath>(call));
     },
     /*waiting=*/16, CallHost::Purpose::kWrite},
    {RCUKV_ACCEPT(health, Check),
     [](Handlers& handlers, std::string_view request, UnaryCall& call) {
       AnswerAtOnce(handlers.health, &HealthPath::Check, request, call);
     },
     /*waiting=*/2, CallHost::Purpose::kHealth},
};

#undef RCUKV_ACCEPT

}  // namespace

ServingThread::ServingThread(RawServices* services,
                             std::unique_ptr<grpc::ServerCompletionQueue> queue,
                             HeldBytes* held_bytes, const DataPlaneContext& context)
    : services_(services),
      queue_(std::move(queue)),
      held_bytes_(*held_bytes),
      health_(*context.health),
      handlers_(context),
      watch_schedule_(context.store->history(), queue_.get(),
                      context.watch_progress_interval) {}

ServingThread::~ServingThread() {
  if (thread_.joinable()) {
    Stop();
    return;
  }
  // gRPC wants a queue to be shut down and emptied also where it was never used.
  queue_->Shutdown();
  void* tag;
  bool ok;
  while (queue_->Next(&tag, &ok)) {
  }
}

void ServingThread::Start(int number) {
  thread_ = std::thread([this, number] {
    pthread_setname_np(pthread_self(), ("serve-" + std::to_string(number)).c_str());
    Run();
  });
}

void ServingThread::Tell(Tag* tag, grpc::Alarm* alarm) {
  alarm->Set(queue_.get(), std::chrono::system_clock::now(), tag);
}

std::future<void> ServingThread::Drain() {
  Tell(&drain_tag_, &drain_alarm_);
  return drained_.get_future();
}

std::future<void> ServingThread::EndWatches() {
  Tell(&end_watches_tag_, &end_watches_alarm_);
  return watches_ended_.get_future();
}

std::future<void> ServingThread::StopAccepting() {
  Tell(&stop_accepting_tag_, &stop_accepting_alarm_);
  return accepted_last_.get_future();
}

void ServingThread::Stop() {
  Tell(&stop_tag_, &stop_alarm_);
  thread_.join();
}

void ServingThread::Run() {
  AcceptCalls();
  void* tag;
  bool ok;
  while (queue_->Next(&tag, &ok)) static_cast<Tag*>(tag)->OnEvent(ok);
}

void ServingThread::AcceptCalls() {
  method_calls_.resize(std::size(kUnaryMethods));
  for (const UnaryMethod& method : kUnaryMethods) AcceptUnary(method);
  Accept(streams_);
  Accept(watches_);
  Accept(health_watches_);
}

ServingThread::MethodCalls& ServingThread::CallsOf(const UnaryMethod& method) {
  return method_calls_[static_cast<size_t>(&method - kUnaryMethods)];
}

void ServingThread::AcceptUnary(const UnaryMethod& method) {
  if (!accepting_) return;
  MethodCalls& calls = CallsOf(method);
  for (; calls.waiting < method.waiting; ++calls.waiting) {
    if (calls.idle.empty()) {
      unary_calls_.push_back(
          std::make_unique<UnaryCall>(method, static_cast<CallHost&>(*this)));
      calls.idle.push_back(unary_calls_.back().get());
    }
    calls.idle.back()->Accept();
    calls.idle.pop_back();
  }
}

void ServingThread::UnaryBegan(UnaryCall* call) {
  --CallsOf(call->method()).waiting;
  AcceptUnary(call->method());
}

void ServingThread::UnaryEnded(UnaryCall* call) {
  CallsOf(call->method()).idle.push_back(call);
}

template <class Call>
void ServingThread::Accept(OpenCalls<Call>& calls) {
  if (accepting_) calls.Accept(static_cast<CallHost&>(*this));
}

void ServingThread::StreamBegan(StreamCall* call) {
  streams_.Began(call);
  Accept(streams_);
}

void ServingThread::StreamEnded(StreamCall* call) { streams_.Ended(call); }

void ServingThread::WatchBegan(WatchCall* call) {
  watches_.Began(call);
  Accept(watches_);
}

void ServingThread::WatchEnded(WatchCall* call) {
  watches_.Ended(call);
  NotifyIfWatchesEnded();
}

void ServingThread::HealthWatchBegan(HealthWatchCall* call) {
  health_watches_.Began(call);
  Accept(health_watches_);
}

void ServingThread::HealthWatchEnded(HealthWatchCall* call) {
  health_watches_.Ended(call);
}

void ServingThread::CountAnswer() {
  // relaxed: this thread alone writes it, and nothing is published through it.
  answered_calls_.store(answered_calls_.load(std::memory_order_relaxed) + 1,
                        std::memory_order_relaxed);
}

CallHost::Admission ServingThread::CallBegan(Purpose purpose) {
  ++calls_;
  if (purpose == Purpose::kHealth) return Admission::kAside;
  if (draining_) return Admission::kRefuse;
  if (purpose == Purpose::kWatch) return Admission::kAside;
  ++admitted_calls_;
  return Admission::kServe;
}

void ServingThread::CallEnded(Admission admission) {
  --calls_;
  if (admission == Admission::kServe) {
    --admitted_calls_;
    if (draining_) NotifyIfDrained();
  }
  if (stopping_) ShutDownQueueIfIdle();
}

void ServingThread::OnDrain(bool) {
  draining_ = true;
  health_watches_.ForEach([](HealthWatchCall& call) { call.Announce(); });
  streams_.ForEach([](StreamCall& call) { call.Drain(); });
  NotifyIfDrained();
}

// No further call is admitted while draining, so the count comes to 0 once.
void ServingThread::NotifyIfDrained() {
  if (admitted_calls_ == 0) drained_.set_value();
}

void ServingThread::OnEndWatches(bool) {
  ending_watches_ = true;
  watches_.ForEach([](WatchCall& call) { call.TakeTurn(); });
  NotifyIfWatchesEnded();
}

// Some that begin later are refused, and end as well.
void ServingThread::NotifyIfWatchesEnded() {
  if (!ending_watches_ || watches_have_ended_ || watches_.open() > 0) return;
  watches_have_ended_ = true;
  watches_ended_.set_value();
}

void ServingThread::OnStopAccepting(bool) {
  accepting_ = false;
  accepted_last_.set_value();
}

void ServingThread::OnStop(bool) {
  stopping_ = true;
  ShutDownQueueIfIdle();
}

// gRPC takes no operation on a queue that is shut down, and its server does not wait for
// calls that are not answered yet when it breaks their connections.
void ServingThread::ShutDownQueueIfIdle() {
  if (calls_ > 0) return;
  watch_schedule_.Stop();
  queue_->Shutdown();
}

}  // namespace rcukv
