// An open loop: sends each operation of the schedule when it is due, however many are
// under way; checks the answers, and records how long they took and by how much the calls
// were late.
//
// One thread sends. Gets do not wait for their answers (Client::GetAsync), so that tens
// of thousands a second need no further thread; and those that are under way at the same
// time share calls, as they do in any program that uses that client. Operations of which
// the client has no such call block a thread each (workers.h).
//
// A call is late for one of two reasons, which are told apart: as many were under way as
// may be, so that it, or the one before it, waited until one was answered; or the sending
// thread came too late by itself, for want of a processor.
//
// It begins when it is made, and goes on until it is stopped, until a call fails, or
// until the schedule has no more turns.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_WORKLOAD_OPEN_LOOP_H_
#define RCUKV_LOADTEST_WORKLOAD_OPEN_LOOP_H_

#include <atomic>
#include <cstddef>
#include <limits>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "loadtest/workload/caller.h"
#include "loadtest/workload/load.h"
#include "loadtest/workload/recorder.h"
#include "loadtest/workload/schedule.h"
#include "loadtest/workload/slots.h"
#include "loadtest/workload/tally.h"
#include "loadtest/workload/workers.h"

namespace rcukv::loadtest {

class OpenLoop : public Load {
 public:
  // At most `at_once` operations are under way; `kinds` has one or more callers, which
  // are taken in turn: one a connection. What it is given outlives it; the schedule is
  // that of an open loop. Where the system starts no thread, the tally has that as a
  // failure.
  OpenLoop(size_t at_once, const std::vector<Caller>& kinds, Schedule& schedule,
           Recorder& recorder, Tally& tally);
  ~OpenLoop() override;

  void Stop(Arrivals::Clock::time_point deadline) override;

 private:
  using Clock = Arrivals::Clock;

  // One operation on its way.
  struct Sent {
    size_t number;
    OperationKind kind;
    Clock::time_point due;
    // Whether it had to wait for another's answer.
    bool waited;
  };

  // On the sending thread.
  void Run();
  // These return whether to go on: false where it is to stop.
  bool AwaitTime(Clock::time_point due) const;
  bool AwaitSlot();
  void Send(const Turn& turn);
  void SendBlocking(const Caller& caller, const Turn& turn, const Sent& sent);

  // On any thread.
  void Finish(const Sent& sent, const absl::StatusOr<CallTimes>& times);
  // What is due from now on is nobody's to do.
  void Fail(const absl::Status& status);
  bool stopping() const;

  const std::vector<Caller>& kinds_;
  Schedule& schedule_;
  Recorder& recorder_;
  Tally& tally_;
  Slots slots_;
  // Of the sending thread: what it sent, and until when it had last no slot.
  size_t sent_ = 0;
  Clock::time_point waited_until_ = Clock::time_point::min();
  // When, by the clock.
  std::atomic<Clock::rep> stop_at_{std::numeric_limits<Clock::rep>::max()};
  Workers workers_;
  std::thread thread_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_OPEN_LOOP_H_
