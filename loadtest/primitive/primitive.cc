#include "loadtest/primitive/primitive.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <iterator>
#include <numeric>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "loadtest/base/flag_set.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/statistics.h"
#include "loadtest/base/strategy.h"
#include "loadtest/base/text_table.h"
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
    // For qsbr, whose sections are what lies between two quiescent states.
    typename Domain::OnlineGuard online;
    uint64_t reads = 0;
    while (!Stopped()) {
      Domain::Quiesce();
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

// Domains of their own, as the mode is the domain's.
struct PrimitiveTag {};
using Memb = rcu::Domain<rcu::Memb, PrimitiveTag>;
using Rseq = rcu::Domain<rcu::Rseq, PrimitiveTag>;

// Makes the domain ready for a turn; with a mode where it has one.
template <class Domain>
absl::Status Prepare() {
  return Domain::Prepare();
}
template <class Domain, rcu::MembarrierMode kMode>
absl::Status Prepare() {
  if (absl::Status status = Domain::Prepare(); !status.ok()) return status;
  return Domain::SetMembarrierMode(kMode);
}

struct Contender {
  const char* name;
  absl::Status (*prepare)();
  Rates (*measure)(const PrimitiveOptions&);
  // Of the patch: 6 readers, 2 writers, 10 s on an 8-core Xeon E5405. 0: not published.
  double patch_reads = 0;
  double patch_writes = 0;
};

using Mode = rcu::MembarrierMode;

constexpr double kPatchSeconds = 10;
constexpr Contender kContenders[] = {
    {"mb", Prepare<rcu::MbDomain>, Measure<rcu::MbDomain>, 1'701'557'485, 3'129'842},
    {"signal", Prepare<rcu::SignalDomain>, Measure<rcu::SignalDomain>, 9'825'306'874,
     5'386},
    {"memb-expedited", Prepare<Memb, Mode::kExpedited>, Measure<Memb>, 6'637'539'697,
     852'129},
    {"memb-non-expedited", Prepare<Memb, Mode::kNonExpedited>, Measure<Memb>,
     7'992'076'602, 220},
    {"memb-global-expedited", Prepare<Memb, Mode::kGlobalExpedited>, Measure<Memb>},
    {"memb-adaptive", Prepare<Memb, Mode::kAdaptive>, Measure<Memb>},
    {"qsbr", Prepare<rcu::QsbrDomain>, Measure<rcu::QsbrDomain>},
    {"rseq-expedited", Prepare<Rseq, Mode::kExpedited>, Measure<Rseq>},
    {"rwlock", Prepare<rcu::LockDomain>, Measure<rcu::LockDomain>},
    {"mutex", Prepare<rcu::MutexDomain>, Measure<rcu::MutexDomain>},
};

const Contender& ContenderOf(const std::string& name) {
  return *std::find_if(
      std::begin(kContenders), std::end(kContenders),
      [&name](const Contender& contender) { return contender.name == name; });
}

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const Contender& contender : kContenders) names.push_back(contender.name);
  return names;
}

absl::Status SetStrategies(PrimitiveOptions& options, const std::string& names) {
  auto parsed = ParseStrategyNames(names, AllNames());
  if (parsed.ok()) options.strategies = *std::move(parsed);
  return parsed.status();
}

FlagSet FlagsOf(PrimitiveOptions& options) {
  FlagSet flags;
  flags.Add(
      "strategies",
      "which to compare, separated by commas; all: " + absl::StrJoin(AllNames(), ", "),
      kDefaultPrimitives,
      [&options](const std::string& names) { return SetStrategies(options, names); });
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
  PrimitiveOptions options = {.strategies = absl::StrSplit(kDefaultPrimitives, ',')};
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
  for (const std::string& name : options.strategies) {
    if (absl::Status status = ContenderOf(name).prepare(); !status.ok()) {
      return absl::Status(status.code(),
                          absl::StrFormat("strategy %s: %s; leave it out with "
                                          "--strategies=",
                                          name, status.message()));
    }
  }
  const size_t count = options.strategies.size();
  std::vector<std::vector<double>> reads(count), writes(count);
  for (int64_t round = 0; round < options.rounds; ++round) {
    for (size_t i = 0; i < count; ++i) {
      const Contender& contender = ContenderOf(options.strategies[i]);
      // Another mode of its domain may have had its turn since.
      if (absl::Status status = contender.prepare(); !status.ok()) return status;
      const Rates rates = contender.measure(options);
      if (Interrupted()) break;
      reads[i].push_back(rates.reads_per_second);
      writes[i].push_back(rates.writes_per_second);
    }
  }
  std::vector<PrimitiveResult> results;
  for (size_t i = 0; i < count; ++i) {
    results.push_back(
        {options.strategies[i], SpreadOf(reads[i]).median, SpreadOf(writes[i]).median});
  }
  return results;
}

std::string RenderPrimitive(const PrimitiveOptions& options,
                            const std::vector<PrimitiveResult>& results) {
  // What the others are compared with: mb, or the first where that was left out.
  const auto mb =
      std::find_if(results.begin(), results.end(),
                   [](const PrimitiveResult& result) { return result.strategy == "mb"; });
  const PrimitiveResult& base = mb == results.end() ? results.front() : *mb;
  const Contender& base_in_patch = ContenderOf(base.strategy);
  const std::string to_base = "to " + base.strategy;
  TextTable table({"strategy", "reads/s", to_base, "writes/s", "| patch: reads/s",
                   to_base, "writes/s"});
  for (const PrimitiveResult& result : results) {
    const Contender& contender = ContenderOf(result.strategy);
    table.AddRow({result.strategy, ShortNumber(result.reads_per_second),
                  RatioTo(result.reads_per_second, base.reads_per_second),
                  ShortNumber(result.writes_per_second), PerSecond(contender.patch_reads),
                  RatioTo(contender.patch_reads, base_in_patch.patch_reads),
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
