#include "loadtest/compare/report_words.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/budget.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/dilution.h"
#include "loadtest/compare/spread_text.h"

namespace rcukv::loadtest {
namespace {

// Of its time; a thread that works as much has hardly a moment to wait for an answer.
constexpr double kBusyClient = 0.9;

// A place that a sentence is said of.
struct Place {
  std::string case_name;
  std::string words;
};

// The cases that stand for their layers.
std::vector<Place> PlacesOf(const CompareOptions& options) {
  std::vector<Place> places = {
      {kPrimitiveCase, "At the primitive"},
      {MapCase(Sections::kOneAKey), "In the hash map, with a section a key,"},
      {LookupsCase(Sections::kTenAKey), "In the server, with ten sections a key,"},
      {LookupsCase(Sections::kOneAKey), "In the server, with a section a key,"},
      {LookupsCase(Sections::kOneABatch), "In the server, with a section a batch,"},
  };
  for (const int64_t keys : options.keys) {
    places.push_back(
        {CallsCase(Rpc::kBatchGet, keys, Sections::kOneABatch),
         absl::StrFormat("Over gRPC, with calls of %d %s and a section a call,", keys,
                         keys == 1 ? "key" : "keys")});
  }
  return places;
}

const DilutionStep* Find(const std::vector<DilutionStep>& steps,
                         const std::string& case_name) {
  for (const DilutionStep& step : steps) {
    if (step.case_name == case_name) return &step;
  }
  return nullptr;
}

class Words {
 public:
  explicit Words(const Comparison& comparison)
      : comparison_(comparison),
        base_(BaseOf(comparison)),
        without_(BarrierFree(comparison)) {}

  std::vector<std::string> Say() {
    if (without_.has_value()) {
      SayDilution();
      SayHowManyDiffer();
      SayBarrier();
    }
    SayGracePeriods();
    SayReclaim();
    return std::move(sentences_);
  }

 private:
  void Add(std::string sentence) { sentences_.push_back(std::move(sentence)); }

  const std::string& NameOfBase() const { return comparison_.strategies[base_].name; }
  const std::string& NameOfWithout() const {
    return comparison_.strategies[*without_].name;
  }

  void SayDilution() {
    const std::vector<DilutionStep> steps = DilutionOf(comparison_);
    for (const Place& place : PlacesOf(comparison_.options)) {
      const DilutionStep* const step = Find(steps, place.case_name);
      if (step == nullptr) continue;
      Add(absl::StrFormat("%s %s reads %s as fast as %s; by CPU time %s.", place.words,
                          NameOfWithout(), Times(step->by_clock), NameOfBase(),
                          Times(step->by_cpu)));
    }
  }

  // Of the works of layers 4 and 5, at how many the two differ at all.
  void SayHowManyDiffer() {
    int works = 0, faster = 0, slower = 0;
    for (const DilutionStep& step : DilutionOf(comparison_)) {
      if (step.layer < 4) continue;
      if (step.by_clock.count < Spread::kMinCountForInterval) return;
      ++works;
      faster += DifferenceOf(step.by_clock) == Difference::kFaster;
      slower += DifferenceOf(step.by_clock) == Difference::kSlower;
    }
    if (works == 0) return;
    Add(absl::StrFormat(
        "Of %d works over gRPC %s is faster than %s at %d, slower at %d, and within the "
        "noise at the others; of as many without any difference about %.1f would seem "
        "to have one.",
        works, NameOfWithout(), NameOfBase(), faster, slower, 0.05 * works));
  }

  void SayBarrier() {
    const Spread with = SectionNs(comparison_, base_);
    const Spread without = SectionNs(comparison_, *without_);
    if (with.count == 0 || without.count == 0) return;
    std::string sentence = absl::StrFormat(
        "An empty section takes %s of CPU with %s and %s with %s", ShowInterval(with),
        NameOfBase(), ShowInterval(without), NameOfWithout());
    for (const CallBudget& budget : BudgetOf(comparison_)) {
      if (budget.barrier().IsNoise()) continue;
      absl::StrAppendFormat(&sentence,
                            "; of a BatchGet of %d, which takes the server %s,",
                            budget.keys, ShortDuration(budget.total_ns.median));
      absl::StrAppendFormat(&sentence, " the difference is %.2g %%",
                            100 * budget.barrier().ns.median / budget.total_ns.median);
    }
    Add(sentence + ".");
  }

  // "12.3 ns (11.8-12.9)": of nanoseconds.
  static std::string ShowInterval(const Spread& ns) {
    return absl::StrFormat("%s (%.3g-%.3g)", ShortDuration(ns.median), ns.low, ns.high);
  }

  // Of the first work of layer 5 at which there were some with both modes.
  void SayGracePeriods() {
    const auto fast = FindStrategy(comparison_, v1::MEMB, v1::EXPEDITED);
    const auto slow = FindStrategy(comparison_, v1::MEMB, v1::NON_EXPEDITED);
    if (!fast || !slow) return;
    constexpr Figure kMean = &Sample::grace_period_mean_ns;
    for (const LayerResult& layer : comparison_.layers) {
      if (layer.info.number != 5) continue;
      for (const CaseResult& result : layer.cases) {
        const Spread ratio = SpreadOfRatio(result, *slow, *fast, kMean);
        if (ratio.count == 0) continue;
        return Add(absl::StrFormat(
            "The writer pays: at %s a grace period takes %s with memb-expedited and %s "
            "with memb-non-expedited, %s as long.",
            result.info.title, ShortDuration(SpreadOfFigure(result, *fast, kMean).median),
            ShortDuration(SpreadOfFigure(result, *slow, kMean).median), Times(ratio)));
      }
    }
  }

  // Whether readers and writers notice how replaced entries are reclaimed, at the highest
  // rate of writes.
  void SayReclaim() {
    const int64_t rate = comparison_.options.write_rates.back();
    const CaseResult* const call_rcu =
        FindCase(comparison_, WritersCase(rate, Reclaim::kCallRcu));
    const CaseResult* const synchronize =
        FindCase(comparison_, WritersCase(rate, Reclaim::kSynchronize));
    if (call_rcu == nullptr || synchronize == nullptr) return;
    for (size_t i = 0; i < comparison_.strategies.size(); ++i) {
      const v1::Flavor flavor = comparison_.strategies[i].flavor;
      if (flavor != v1::MEMB && flavor != v1::MB) continue;
      const Spread p99 =
          SpreadOfSpeedup(*call_rcu, *synchronize, i, &Sample::call_p99_ns);
      const Spread writes =
          SpreadOfSpeedup(*call_rcu, *synchronize, i, &Sample::writes_per_second);
      if (p99.count == 0) continue;
      Add(absl::StrFormat(
          "At %s writes/s, with %s, call_rcu instead of synchronize: the readers' p99 is "
          "%s as good, and %s as many writes are done.",
          GroupedNumber(static_cast<uint64_t>(rate)), comparison_.strategies[i].name,
          Times(p99), Times(writes)));
    }
  }

  const Comparison& comparison_;
  const size_t base_;
  const std::optional<size_t> without_;
  std::vector<std::string> sentences_;
};

// Whether the client was, with any of the strategies.
bool IsLimitedByClient(const CaseResult& result) {
  for (size_t i = 0; i < result.samples.size(); ++i) {
    const Spread busy = SpreadOfFigure(result, i, &Sample::client_busy);
    if (busy.count > 0 && busy.median >= kBusyClient) return true;
  }
  return false;
}

}  // namespace

std::vector<std::string> SentencesOf(const Comparison& comparison) {
  return Words(comparison).Say();
}

std::string ClientLimitWords(const Comparison& comparison) {
  size_t works = 0, limited = 0;
  for (const LayerResult& layer : comparison.layers) {
    if (layer.info.number < 4) continue;
    for (const CaseResult& result : layer.cases) {
      ++works;
      limited += IsLimitedByClient(result);
    }
  }
  if (limited == 0) return "";
  return absl::StrFormat(
      "At %d of %d works over gRPC the client was the limit, not the server: its threads "
      "worked for %.0f %% of the time or more. There a faster server is not asked more, "
      "and a difference between servers shows by CPU alone.",
      limited, works, 100 * kBusyClient);
}

}  // namespace rcukv::loadtest
