// Readers and writers of a domain at full speed, and what else makes it hard: threads
// that come and go, readers that stall, floods of callbacks, signal handlers that read.
//
//   const Outcome outcome = Storm<MembDomain>({.stalled_readers = 1}).Run(seconds(1));
//   EXPECT_TRUE(outcome.Sound()) << outcome;
#ifndef RCUKV_RCU_TORTURE_STORM_H_
#define RCUKV_RCU_TORTURE_STORM_H_

#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>
#include <vector>

#include "rcu/torture/delay.h"
#include "rcu/torture/element.h"
#include "rcu/torture/interruption.h"
#include "rcu/torture/reader.h"
#include "rcu/torture/report.h"
#include "rcu/torture/shelf.h"
#include "rcu/torture/writer.h"

namespace rcu::torture {

struct StormOptions {
  int readers = 3;
  int writers = 2;
  // Writers do nothing but Retire.
  bool flood = false;
  // After so many sections a reader's thread ends, and another one begins; 0: never.
  uint64_t sections_per_thread = 0;
  // Further readers, which hold each section for tens of milliseconds.
  int stalled_readers = 0;
  // Readers are interrupted by signals.
  bool interrupted = false;
  // Called over and over, by a thread of its own.
  void (*meanwhile)() = nullptr;
};

struct Outcome {
  Report report;
  // Elements that were reclaimed when it was not their turn, and those that were not
  // reclaimed in the end.
  uint64_t out_of_turn = 0;
  uint64_t lost = 0;

  bool Sound() const { return report.Sound() && out_of_turn == 0 && lost == 0; }

  friend std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
    return out << outcome.report << "; elements reclaimed out of turn "
               << outcome.out_of_turn << ", lost " << outcome.lost;
  }
};

// Runs once.
template <class D>
class Storm {
 public:
  explicit Storm(const StormOptions& options) : options_(options) {}

  // Returns after `time`, and when everything that was unlinked has been reclaimed.
  Outcome Run(std::chrono::milliseconds time) {
    Begin();
    std::this_thread::sleep_for(time);
    return End();
  }

  // The two halves of Run.
  void Begin() {
    if (options_.interrupted) interruption_.emplace();
    for (int i = 0; i < options_.writers; ++i) {
      writers_.push_back(std::make_unique<Writer<D>>(shelf_, ++seed_, options_.flood));
      StartThread([this, writer = writers_.back().get()] { Write(*writer); });
    }
    for (int i = 0; i < options_.readers; ++i) {
      StartThread([this, seed = ++seed_] { ReadInThreads(seed); });
    }
    for (int i = 0; i < options_.stalled_readers; ++i) {
      StartThread([this, seed = ++seed_] { Stall(seed); });
    }
    if (options_.interrupted) {
      Repeat([this] {
        interruption_->InterruptAll();
        Spin(std::chrono::microseconds(60));  // Readers get on meanwhile.
      });
    }
    if (options_.meanwhile != nullptr) Repeat(options_.meanwhile);
  }
  Outcome End() {
    end_.store(true, std::memory_order_relaxed);
    for (auto& thread : threads_) thread.join();
    // What was retired is retired again until it is as old as can be.
    for (int age = 0; age < Element::kAges; ++age) D::Barrier();
    Count(shelf_.first());
    for (const auto& writer : writers_) Count(writer->ring());
    outcome_.lost -= Shelf::kSlots;  // Still linked.
    return outcome_;
  }

  // For readers that a test brings itself, between Begin and End.
  const Shelf& shelf() const { return shelf_; }
  void Add(const Report& report) {
    std::lock_guard<std::mutex> lock(mutex_);
    outcome_.report.Add(report);
  }

 private:
  template <class Function>
  void StartThread(Function function) {
    threads_.emplace_back(std::move(function));
  }

  template <class Function>
  void Repeat(Function function) {
    StartThread([this, function] {
      for (; !Ended(); sched_yield()) function();
    });
  }

  bool Ended() const { return end_.load(std::memory_order_relaxed); }

  void Write(Writer<D>& writer) {
    while (!Ended()) writer.WriteOnce();
    writer.Finish();
  }

  void ReadInThreads(unsigned seed) {
    if (options_.sections_per_thread == 0) {
      Read(seed);
      return;
    }
    for (; !Ended(); seed += 100) std::thread([this, seed] { Read(seed); }).join();
  }

  void Read(unsigned seed) {
    typename D::OnlineGuard online;
    Reader<D> reader(shelf_, seed);
    Reader<D> in_handlers(shelf_, seed + 50);
    // At least one section, however late the thread was let run.
    reader.Section();
    if (interruption_) interruption_->Begin(in_handlers);
    for (uint64_t i = 1; !Ended() && i != options_.sections_per_thread; ++i) {
      D::Quiesce();
      reader.Section();
    }
    if (interruption_) interruption_->End();
    Add(reader.report());
    Add(in_handlers.report());
  }

  void Stall(unsigned seed) {
    Reader<D> reader(shelf_, seed);
    for (int i = 0; !Ended(); ++i) {
      typename D::OnlineGuard online;
      reader.SectionThatSleeps(std::chrono::milliseconds(10 + i % 3 * 10));
    }
    Add(reader.report());
  }

  void Count(const Ring& ring) {
    for (const Element& element : ring.elements()) {
      outcome_.out_of_turn += element.reclaimed_out_of_turn();
      if (!element.IsFree()) ++outcome_.lost;
    }
  }

  const StormOptions options_;
  Shelf shelf_;
  std::optional<Interruption<D>> interruption_;
  std::vector<std::unique_ptr<Writer<D>>> writers_;
  std::vector<std::thread> threads_;
  unsigned seed_ = 0;
  std::atomic<bool> end_{false};
  std::mutex mutex_;
  Outcome outcome_;  // its report guarded by mutex_; the rest: of whoever calls End
};

}  // namespace rcu::torture

#endif  // RCUKV_RCU_TORTURE_STORM_H_
