#include "loadtest/primitive.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <numeric>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/flag_set.h"
#include "loadtest/interrupt.h"
#include "loadtest/statistics.h"
#include "loadtest/text_table.h"
#include "rcu/domain.h"
#include "rcu/lock_domain.h"
#include "rcu/membarrier.h"

namespace rcukv::loadtest {
namespace {

using Clock = std::chrono::steady_clock;

// Sections between two looks at the stop flag.
constexpr int kSectionsPerLook = 1000;

struct Object {
  uint64_t value = 0;
};

struct Rates {
  double reads_per_second = 0;
  double writes_per_second = 0;
};

// One run of readers and writers on a Domain.
template <class Domain>
class Run {
 public:
  explicit Run(const PrimitiveOptions& options)
      : reads_(static_cast<size_t>(options.readers)),
        writes_(static_cast<size_t>(options.writers)) {}

  ~Run() {
    // relaxed: no thread is left.
    delete current_.load(std::memory_order_relaxed);
  }

  Rates Measure(absl::Duration duration) {
    const Clock::time_point start = Clock::now();
    std::vector<std::thread> threads;
    for (uint64_t& reads : reads_) threads.emplace_back([&] { reads = Read(); });
    for (uint64_t& writes : writes_) threads.emplace_back([&] { writes = Write(); });
    SleepUnlessInterrupted(duration);
    // relaxed: it carries nothing.
    stop_.store(true, std::memory_order_relaxed);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    for (std::thread& thread : threads) thread.join();
    return {Sum(reads_) / seconds, Sum(writes_) / seconds};
  }

 private:
  static double Sum(const std::vector<uint64_t>& counts) {
    return static_cast<double>(
        std::accumulate(counts.begin(), counts.end(), uint64_t{0}));
  }

  // relaxed: it carries nothing.
  bool Stopped() const { return stop_.load(std::memory_order_relaxed); }

  uint64_t Read() {
    uint64_t reads = 0;
    while (!Stopped()) {
      for (int i = 0; i < kSectionsPerLook; ++i) {
        typename Domain::ReadGuard guard;
        // acquire; pairs with the exchange in Write: the object is seen made.
        const uint64_t value = current_.load(std::memory_order_acquire)->value;
        // The read happens, whatever the compiler thinks of it.
        asm volatile("" : : "r"(value));
      }
      reads += kSectionsPerLook;
    }
    return reads;
  }

  uint64_t Write() {
    uint64_t writes = 0;
    while (!Stopped()) {
      delete Publish(new Object{++writes});
    }
    return writes;
  }

  // Returns what no reader can reach any more.
  Object* Publish(Object* next) {
    Object* old;
    {
      typename Domain::WriteGuard guard;
      // release: pairs with the load in Read. acquire: what it returns was made by
      // another writer, and is freed here.
      old = current_.exchange(next, std::memory_order_acq_rel);
    }
    Domain::Synchronize();
    return old;
  }

  alignas(64) std::atomic<Object*> current_{new Object};
  alignas(64) std::atomic<bool> stop_{false};
  std::vector<uint64_t> reads_;
  std::vector<uint64_t> writes_;
};

template <class Domain>
Rates Measure(const PrimitiveOptions& options) {
  return Run<Domain>(options).Measure(absl::Seconds(options.seconds));
}

// A domain of its own, as the mode is the domain's.
struct PrimitiveTag {};
using Memb = rcu::Domain<rcu::Memb, PrimitiveTag>;

template <rcu::MembarrierMode kMode>
Rates MeasureMemb(const PrimitiveOptions& options) {
  if (!Memb::SetMembarrierMode(kMode).ok()) return {};
  return Measure<Memb>(options);
}

struct Contender {
  const char* name;
  Rates (*measure)(const PrimitiveOptions&);
  // Of the patch: 6 readers, 2 writers, 10 s on an 8-core Xeon E5405. 0: not published.
  double patch_reads = 0;
  double patch_writes = 0;
};

constexpr double kPatchSeconds = 10;
constexpr Contender kContenders[] = {
    {"mb", Measure<rcu::MbDomain>, 1'701'557'485, 3'129'842},
    {"memb-expedited", MeasureMemb<rcu::MembarrierMode::kExpedited>, 6'637'539'697,
     852'129},
    {"memb-non-expedited", MeasureMemb<rcu::MembarrierMode::kNonExpedited>, 7'992'076'602,
     220},
    {"rwlock", Measure<rcu::LockDomain>},
};

FlagSet FlagsOf(PrimitiveOptions& options) {
  FlagSet flags;
  flags.Add("readers", "reading threads", &options.readers, 1, 1000);
  flags.Add("writers", "writing threads", &options.writers, 0, 1000);
  flags.Add("seconds", "length of each turn of a strategy", &options.seconds, 0.01, 600);
  flags.Add("rounds", "how often each strategy has its turn", &options.rounds, 1, 1000);
  flags.Add("help", "show this", &options.help);
  return flags;
}

std::string PerSecond(double figure) {
  return figure == 0 ? "-" : ShortNumber(figure / kPatchSeconds);
}

std::string RatioTo(double figure, double base) {
  return figure == 0 || base == 0 ? "-" : absl::StrFormat("%.2f", figure / base);
}

}  // namespace

absl::StatusOr<PrimitiveOptions> ParsePrimitiveOptions(
    const std::vector<std::string>& arguments) {
  PrimitiveOptions options;
  if (absl::Status status = FlagsOf(options).Parse(arguments); !status.ok())
    return status;
  return options;
}

std::string PrimitiveHelp() {
  PrimitiveOptions defaults;
  return "loadtest primitive: readers and writers of one pointer, without a server.\n" +
         FlagsOf(defaults).Help();
}

absl::StatusOr<std::vector<PrimitiveResult>> RunPrimitive(
    const PrimitiveOptions& options) {
  absl::Status status = Memb::Prepare();
  status.Update(rcu::CheckMembarrier(rcu::MembarrierMode::kNonExpedited));
  if (!status.ok()) return status;

  constexpr size_t kCount = std::size(kContenders);
  std::vector<double> reads[kCount], writes[kCount];
  for (int64_t round = 0; round < options.rounds; ++round) {
    for (size_t i = 0; i < kCount; ++i) {
      const Rates rates = kContenders[i].measure(options);
      if (Interrupted()) break;
      reads[i].push_back(rates.reads_per_second);
      writes[i].push_back(rates.writes_per_second);
    }
  }
  std::vector<PrimitiveResult> results;
  for (size_t i = 0; i < kCount; ++i) {
    results.push_back(
        {kContenders[i].name, SpreadOf(reads[i]).median, SpreadOf(writes[i]).median});
  }
  return results;
}

std::string RenderPrimitive(const PrimitiveOptions& options,
                            const std::vector<PrimitiveResult>& results) {
  const double mb = results.front().reads_per_second;
  const Contender& patch_mb = kContenders[0];
  TextTable table({"strategy", "reads/s", "to mb", "writes/s", "| patch: reads/s",
                   "to mb", "writes/s"});
  for (size_t i = 0; i < results.size(); ++i) {
    const Contender& contender = kContenders[i];
    table.AddRow({results[i].strategy, ShortNumber(results[i].reads_per_second),
                  RatioTo(results[i].reads_per_second, mb),
                  ShortNumber(results[i].writes_per_second),
                  PerSecond(contender.patch_reads),
                  RatioTo(contender.patch_reads, patch_mb.patch_reads),
                  PerSecond(contender.patch_writes)});
  }
  return absl::StrFormat(
             "%d readers, %d writers; a write publishes and waits for a grace period; "
             "medians of %d rounds.\n"
             "The patch's figures are those published with sys_membarrier in 2015, from "
             "another machine\n(8-core Xeon E5405, 6 readers, 2 writers): compare "
             "ratios, "
             "not rates.\n\n",
             options.readers, options.writers, options.rounds) +
         table.Render();
}

}  // namespace rcukv::loadtest
