#include "server/table/lookup_load.h"

#include <pthread.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <system_error>
#include <thread>

namespace rcukv {
namespace {

using Clock = std::chrono::steady_clock;

// How often a running load asks whether it is cancelled.
constexpr std::chrono::milliseconds kCancelInterval{5};
// Buckets that the sampling scan walks in one read-side critical section.
constexpr size_t kScanBuckets = 256;
// Sections, and about as many lookups, in a slice.
constexpr size_t kSliceSections = 4096;

// Where a key lies in a string of many.
struct KeyRange {
  size_t begin = 0;
  size_t bytes = 0;
};

struct SampledKeys {
  std::string bytes;
  std::vector<KeyRange> ranges;
};

SampledKeys SampleKeys(const Table& table, size_t max_keys) {
  SampledKeys sample;
  const auto full = [&] {
    return sample.ranges.size() >= max_keys ||
           sample.bytes.size() >= LookupKeys::kMaxBytes;
  };
  uint64_t cursor = 0;
  do {
    cursor = table.Scan(cursor, kScanBuckets, [&](const rcu::Entry& entry) {
      sample.ranges.push_back({sample.bytes.size(), entry.key().size()});
      sample.bytes.append(entry.key());
      return !full();
    });
  } while (cursor != 0 && !full());
  return sample;
}

// The same order in every run over the same sample.
void Shuffle(std::vector<KeyRange>& ranges) {
  std::shuffle(ranges.begin(), ranges.end(), std::mt19937_64{20231});
}

uint64_t ThreadCpuNs() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<uint64_t>(now.tv_nsec);
}

// The threads of one run. They start together, and when the run is over each leaves its
// counts behind.
class LookupThreads {
 public:
  using LookUp = absl::FunctionRef<uint64_t(absl::Span<const std::string_view>)>;

  LookupThreads(const LookupKeys& keys, LookUp look_up)
      : keys_(keys), look_up_(look_up) {}

  // Makes up to `count` threads, which wait. Fewer where the system refuses more.
  void Make(size_t count) {
    reports_.resize(count);
    threads_.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      try {
        threads_.emplace_back(&LookupThreads::Run, this, keys_.distinct() * i / count,
                              &reports_[i]);
      } catch (const std::system_error&) {
        return;
      }
    }
  }

  void Start() {
    // release; pairs with the wait in Run.
    started_.store(true, std::memory_order_release);
    started_.notify_all();
  }

  // Ends the run and returns the sums. Once.
  LookupReport Stop() {
    // relaxed: nothing is published through it; join orders the reports.
    stopped_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads_) thread.join();
    LookupReport sum;
    sum.threads = static_cast<uint32_t>(threads_.size());
    for (const LookupReport& report : reports_) {
      sum.lookups += report.lookups;
      sum.hits += report.hits;
      sum.reader_cpu_ns += report.reader_cpu_ns;
    }
    return sum;
  }

 private:
  void Run(size_t position, LookupReport* report) {
    pthread_setname_np(pthread_self(), "rcukv-lookup");
    // A first section registers the thread as a reader: not a part of the measurement.
    look_up_(keys_.Slice(position).subspan(0, 1));
    // acquire; pairs with Start.
    started_.wait(false, std::memory_order_acquire);

    LookupReport mine;
    const uint64_t cpu_before = ThreadCpuNs();
    // At least once: a short run on a busy machine has something to report all the same.
    do {
      const absl::Span<const std::string_view> slice = keys_.Slice(position);
      mine.hits += look_up_(slice);
      mine.lookups += slice.size();
      position = (position + slice.size()) % keys_.distinct();
      // relaxed: see Stop.
    } while (!stopped_.load(std::memory_order_relaxed));
    mine.reader_cpu_ns = ThreadCpuNs() - cpu_before;
    *report = mine;
  }

  const LookupKeys& keys_;
  const LookUp look_up_;
  std::atomic<bool> started_{false};
  std::atomic<bool> stopped_{false};
  // One for each thread, written by it alone.
  std::vector<LookupReport> reports_;
  std::vector<std::thread> threads_;
};

void SleepUntil(Clock::time_point deadline, absl::FunctionRef<bool()> cancelled) {
  for (auto now = Clock::now(); now < deadline && !cancelled(); now = Clock::now()) {
    std::this_thread::sleep_for(
        std::min<Clock::duration>(deadline - now, kCancelInterval));
  }
}

}  // namespace

LookupKeys::LookupKeys(const Table& table, size_t distinct, size_t slice_keys)
    : slice_keys_(slice_keys) {
  SampledKeys sample = SampleKeys(table, distinct);
  Shuffle(sample.ranges);
  distinct_ = sample.ranges.size();
  if (distinct_ == 0) return;

  bytes_.reserve(sample.bytes.size());
  keys_.reserve(distinct_ + slice_keys_);
  for (const KeyRange& range : sample.ranges) {
    const size_t begin = bytes_.size();
    bytes_.append(sample.bytes, range.begin, range.bytes);
    keys_.emplace_back(bytes_.data() + begin, range.bytes);
  }
  for (size_t i = 0; i < slice_keys_; ++i) keys_.push_back(keys_[i]);
}

size_t LookupSliceKeys(const LookupLoad& load) {
  if (load.sections_per_key != 0) {
    return std::max<size_t>(1, kSliceSections / load.sections_per_key);
  }
  const size_t batches = std::max<size_t>(1, kSliceSections / load.batch_size);
  return batches * load.batch_size;
}

LookupReport RunLookupThreads(
    const Table& table, const LookupLoad& load, absl::FunctionRef<bool()> cancelled,
    absl::FunctionRef<uint64_t(absl::Span<const std::string_view>)> look_up) {
  const LookupKeys keys(table, load.distinct_keys, LookupSliceKeys(load));
  if (keys.distinct() == 0) return {};

  LookupThreads threads(keys, look_up);
  threads.Make(load.threads);
  const Clock::time_point start = Clock::now();
  threads.Start();
  SleepUntil(start + std::chrono::milliseconds(load.duration_ms), cancelled);
  LookupReport report = threads.Stop();
  report.wall_ns = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
  return report;
}

}  // namespace rcukv
