#include "server/store/recovery.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "rcu/entry.h"
#include "server/table/printable.h"
#include "server/table/table.h"

namespace rcukv {
namespace {

// "4,000,000".
std::string WithCommas(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

// Entries of one table that are loaded together.
//
// Thread safety: one thread.
class Group {
 public:
  Group(const DurableLog& log, TableDirectory& tables) : log_(log), tables_(tables) {}

  absl::Status Add(const StoredEntry& stored) {
    if (table_ == nullptr || stored.table != table_->name()) {
      if (absl::Status status = SetTable(stored.table); !status.ok()) return status;
    }
    entries_[size_++] = rcu::Entry::New(stored.key, stored.value, stored.meta);
    return size_ < entries_.size() ? absl::OkStatus() : Load();
  }

  // What was added since the last time.
  absl::Status Load() {
    if (size_ == 0) return absl::OkStatus();
    const size_t size = std::exchange(size_, 0);
    const rcu::Entry* const twice = table_->Load({entries_.data(), size});
    if (twice == nullptr) return absl::OkStatus();
    rcu::EntryDeleter()(twice);  // Nobody reads yet.
    return Damaged("it has an entry twice");
  }

 private:
  absl::Status SetTable(std::string_view name) {
    if (absl::Status status = Load(); !status.ok()) return status;
    table_ = tables_.Find(name);
    if (table_ != nullptr) return absl::OkStatus();
    return Damaged(absl::StrFormat("it has an entry of a table %s that it does not have",
                                   Printable(name)));
  }

  absl::Status Damaged(const std::string& what) const {
    return absl::DataLossError(
        absl::StrFormat("the data directory %s is damaged: %s; put a copy of it in its "
                        "place",
                        std::string(log_.place()), what));
  }

  const DurableLog& log_;
  TableDirectory::Reader tables_;
  // Of the entries; null: there are none yet.
  Table* table_ = nullptr;
  std::array<rcu::EntryPtr, Table::kGroupKeys> entries_;
  size_t size_ = 0;
};

// The threads that load, each part by one of them.
//
// Thread safety: the methods are called by the thread that made it.
class Loading {
 public:
  Loading(const DurableLog& log, TableDirectory& tables, unsigned threads)
      : log_(log), tables_(tables) {
    running_ = threads;
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
  }
  ~Loading() {
    for (std::thread& thread : threads_) thread.join();
  }

  // Returns whether all is loaded, or something failed; waits for that for so long.
  bool WaitFor(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return done_.wait_for(lock, time, [this] { return running_ == 0; });
  }

  // So far.
  uint64_t entries() const {
    // relaxed: a figure, or, when all is loaded, ordered by mutex_.
    return entries_.load(std::memory_order_relaxed);
  }

  absl::Status status() {
    std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  // Entries that a thread counts before it tells.
  static constexpr uint64_t kCountTogether = 1024;

  void Run() {
    absl::Status status = LoadParts();
    std::lock_guard lock(mutex_);
    if (!status.ok()) {
      status_.Update(status);
      // relaxed: the other threads are to end sooner, and that is all.
      failed_.store(true, std::memory_order_relaxed);
    }
    if (--running_ == 0) done_.notify_all();
  }

  absl::Status LoadParts() {
    Group group(log_, tables_);
    for (;;) {
      // relaxed, as each part is taken by one thread whatever it sees of the others.
      const size_t part = next_part_.fetch_add(1, std::memory_order_relaxed);
      if (part >= log_.contents().parts || failed_.load(std::memory_order_relaxed)) {
        return group.Load();
      }
      if (absl::Status status = LoadPart(part, group); !status.ok()) return status;
    }
  }

  absl::Status LoadPart(size_t part, Group& group) {
    uint64_t counted = 0;
    absl::Status status = log_.ReadPart(part, [&](const StoredEntry& entry) {
      if (++counted == kCountTogether) Count(std::exchange(counted, 0));
      return group.Add(entry);
    });
    Count(counted);
    return status;
  }

  // relaxed: as in entries().
  void Count(uint64_t entries) { entries_.fetch_add(entries, std::memory_order_relaxed); }

  const DurableLog& log_;
  TableDirectory& tables_;
  std::atomic<size_t> next_part_{0};
  std::atomic<uint64_t> entries_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  // Signalled when running_ becomes 0.
  std::condition_variable done_;
  // Guarded by mutex_.
  unsigned running_ = 0;
  absl::Status status_;
  // Last: they use all of the above.
  std::vector<std::thread> threads_;
};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string Rate(uint64_t entries, double seconds) {
  return WithCommas(static_cast<uint64_t>(static_cast<double>(entries) / seconds)) + "/s";
}

std::string Progress(uint64_t entries, uint64_t expected, double seconds) {
  return absl::StrFormat("loaded %s of about %s entries, %s", WithCommas(entries),
                         WithCommas(std::max(entries, expected)), Rate(entries, seconds));
}

std::string Summary(const DurableLog& log, uint64_t entries, double seconds) {
  return absl::StrFormat(
      "loaded %s entries of %d tables from %s in %.1f s, %s, revision %d",
      WithCommas(entries), log.contents().tables.size() + 1, std::string(log.place()),
      seconds, Rate(entries, seconds), log.contents().revision);
}

}  // namespace

absl::StatusOr<uint64_t> Recover(const DurableLog& log, TableDirectory& tables,
                                 const RecoveryOptions& options) {
  for (const std::string& table : log.contents().tables) {
    if (absl::Status status = tables.Create(table); !status.ok()) return status;
  }
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const auto start = std::chrono::steady_clock::now();
  Loading loading(log, tables, options.threads != 0 ? options.threads : cores);
  while (!loading.WaitFor(options.interval)) {
    if (!options.say) continue;
    options.say(Progress(loading.entries(), log.contents().entries, SecondsSince(start)));
  }
  if (absl::Status status = loading.status(); !status.ok()) return status;
  if (options.say) options.say(Summary(log, loading.entries(), SecondsSince(start)));
  return loading.entries();
}

}  // namespace rcukv
