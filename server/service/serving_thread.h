// A completion queue and the one thread that serves it.
//
// The thread is a reader of the tables for as long as it lives, and no read-side section
// is open while it waits for events.
#ifndef RCUKV_SERVER_SERVICE_SERVING_THREAD_H_
#define RCUKV_SERVER_SERVICE_SERVING_THREAD_H_

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "server/service/call_host.h"
#include "server/service/handlers.h"
#include "server/service/health.h"
#include "server/service/health_watch_call.h"
#include "server/service/open_calls.h"
#include "server/service/raw_services.h"
#include "server/service/stream_call.h"
#include "server/service/tag.h"
#include "server/service/unary_call.h"
#include "server/service/watch_call.h"
#include "server/service/watch_schedule.h"

namespace rcukv {

// Thread safety: Start, Drain, EndWatches, StopAccepting, Stop and the destructor are
// called by one thread, in this order, each once at most; answered_calls by any thread at
// any time.
class ServingThread final : private CallHost {
 public:
  // `services`, `held_bytes` and what `context` names outlive this.
  ServingThread(RawServices* services, std::unique_ptr<grpc::ServerCompletionQueue> queue,
                HeldBytes* held_bytes, const DataPlaneContext& context);
  ~ServingThread();

  // Begins to serve. The gRPC server has been started.
  void Start(int number);

  // Refuses the calls that begin from now on, but those that ask for the health, which
  // has changed, and ends the streams, each after the request in hand. The future is
  // ready when all calls that began before are answered, but for watches.
  std::future<void> Drain();

  // When that is so of all threads: ends the watches, each when it has told the last
  // change. The future is ready when there are none.
  std::future<void> EndWatches();

  // The future is ready when the thread has asked gRPC for its last call: the gRPC server
  // must not shut down before. A call asked for while it does may be left in gRPC without
  // an answer, and the queue never end. Calls under way go on.
  std::future<void> StopAccepting();

  // Returns when every call has ended, and the thread. The gRPC server has shut down, so
  // that no call begins any more; a write that the store has in hand is waited for.
  void Stop();

  // Unary calls and messages of streams.
  uint64_t answered_calls() const {
    // relaxed: a figure; nothing is published through it.
    return answered_calls_.load(std::memory_order_relaxed);
  }

 private:
  // Of one method.
  struct MethodCalls {
    size_t waiting = 0;
    // Neither waiting nor under way.
    std::vector<UnaryCall*> idle;
  };

  RawServices* services() override { return services_; }
  grpc::ServerCompletionQueue* queue() override { return queue_.get(); }
  Handlers& handlers() override { return handlers_; }
  const Health& health() const override { return health_; }
  bool draining() const override { return draining_; }
  bool accepting() const override { return accepting_; }
  bool ending_watches() const override { return ending_watches_; }
  Admission CallBegan(Purpose purpose) override;
  void CallEnded(Admission admission) override;
  void CountAnswer() override;
  HeldBytes& held_bytes() override { return held_bytes_; }
  void UnaryBegan(UnaryCall* call) override;
  void UnaryEnded(UnaryCall* call) override;
  void StreamBegan(StreamCall* call) override;
  void StreamEnded(StreamCall* call) override;
  void WatchBegan(WatchCall* call) override;
  void WatchEnded(WatchCall* call) override;
  WatchSchedule& watch_schedule() override { return watch_schedule_; }
  void HealthWatchBegan(HealthWatchCall* call) override;
  void HealthWatchEnded(HealthWatchCall* call) override;

  void Run();
  void AcceptCalls();
  // As many calls of the method wait as are to wait.
  void AcceptUnary(const UnaryMethod& method);
  MethodCalls& CallsOf(const UnaryMethod& method);
  // Another call of a streaming method waits.
  template <class Call>
  void Accept(OpenCalls<Call>& calls);
  // Has the thread run the tag's handler.
  void Tell(Tag* tag, grpc::Alarm* alarm);
  void OnDrain(bool ok);
  void OnEndWatches(bool ok);
  void OnStopAccepting(bool ok);
  void OnStop(bool ok);
  void NotifyIfDrained();
  void NotifyIfWatchesEnded();
  void ShutDownQueueIfIdle();

  RawServices* const services_;
  const std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  HeldBytes& held_bytes_;
  const Health& health_;

  // Of the serving thread alone.
  Handlers handlers_;
  bool draining_ = false;
  bool ending_watches_ = false;
  bool accepting_ = true;
  bool stopping_ = false;
  // Those under way, and those of them that began before it was draining.
  size_t calls_ = 0;
  size_t admitted_calls_ = 0;
  // Fulfilled when it is draining and no admitted call is under way.
  std::promise<void> drained_;
  // Fulfilled, once, when watches are being ended and none is open.
  std::promise<void> watches_ended_;
  bool watches_have_ended_ = false;
  // Fulfilled when it is accepting no more.
  std::promise<void> accepted_last_;
  // By number of the method.
  std::vector<MethodCalls> method_calls_;
  // All of them: as many as there were calls under way at a time.
  std::vector<std::unique_ptr<UnaryCall>> unary_calls_;
  OpenCalls<StreamCall> streams_;
  WatchSchedule watch_schedule_;
  OpenCalls<WatchCall> watches_;
  OpenCalls<HealthWatchCall> health_watches_;

  // How other threads reach this one: as events of its queue.
  MemberTag<ServingThread, &ServingThread::OnDrain> drain_tag_{this};
  MemberTag<ServingThread, &ServingThread::OnEndWatches> end_watches_tag_{this};
  MemberTag<ServingThread, &ServingThread::OnStopAccepting> stop_accepting_tag_{this};
  MemberTag<ServingThread, &ServingThread::OnStop> stop_tag_{this};
  grpc::Alarm drain_alarm_;
  grpc::Alarm end_watches_alarm_;
  grpc::Alarm stop_accepting_alarm_;
  grpc::Alarm stop_alarm_;

  std::atomic<uint64_t> answered_calls_{0};
  std::thread thread_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_SERVING_THREAD_H_
