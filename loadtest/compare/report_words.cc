#include "loadtest/compare/report_words.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/budget.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/dilution.h"
#include "loadtest/compare/spread_text.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kColumns = 90;

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

  std::string Say() {
    if (without_.has_value()) {
      SayDilution();
      SayHowManyDiffer();
      SayBarrier();
    }
    SayGracePeriods();
    SayReclaim();
    return text_;
  }

 private:
  void Add(const std::string& sentence) { text_ += Wrapped(sentence, kColumns); }

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
      faster += VerdictOf(step.by_clock) == Verdict::kFaster;
      slower += VerdictOf(step.by_clock) == Verdict::kSlower;
    }
    if (works == 0) return;
    Add(absl::StrFormat(
        "Of %d works over gRPC %s is faster than %s at %d, slower at %d, and within the "
        "noise at the others; of as many without any difference about %.1f would seem "
        "to have one.",
        works, NameOfWithout(), NameOfBase(), faster, slower, 0.05 * works));
  }

  void SayBarrier() {
    const auto with = SectionNs(comparison_, base_);
    const auto without = SectionNs(comparison_, *without_);
    if (!with || !without) return;
    std::string sentence = absl::StrFormat(
        "An empty section takes %s of CPU with %s and %s with %s", ShortDuration(*with),
        NameOfBase(), ShortDuration(std::max(*without, 0.0)), NameOfWithout());
    for (const CallBudget& budget : BudgetOf(comparison_)) {
      if (budget.barrier_ns <= 0 || budget.total_ns <= 0) continue;
      absl::StrAppendFormat(&sentence,
                            "; of a BatchGet of %d, which takes the server %s,",
                            budget.keys, ShortDuration(budget.total_ns));
      absl::StrAppendFormat(&sentence, " the difference is %.2g %%",
                            100 * budget.barrier_ns / budget.total_ns);
    }
    Add(sentence + ".");
  }

  // The mean of grace periods at the case of layer 5 that comes first.
  std::optional<double> GracePeriodNs(v1::MembarrierMode mode) const {
    const auto strategy = FindStrategy(comparison_, v1::MEMB, mode);
    if (!strategy) return std::nullopt;
    for (const LayerResult& layer : comparison_.layers) {
      if (layer.info.number < 4) continue;
      for (const CaseResult& result : layer.cases) {
        const Spread spread =
            SpreadOfFigure(result, *strategy, &Sample::grace_period_mean_ns);
        if (spread.count > 0) return spread.median;
      }
    }
    return std::nullopt;
  }

  void SayGracePeriods() {
    const auto fast = GracePeriodNs(v1::EXPEDITED);
    const auto slow = GracePeriodNs(v1::NON_EXPEDITED);
    if (!fast || !slow || *fast <= 0) return;
    Add(absl::StrFormat(
        "The writer pays: under load a grace period takes %s with memb-expedited and %s "
        "with memb-non-expedited, %s times as long.",
        ShortDuration(*fast), ShortDuration(*slow), ShortNumber(*slow / *fast)));
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
  std::string text_;
};

}  // namespace

std::string RenderWords(const Comparison& comparison) { return Words(comparison).Say(); }

}  // namespace rcukv::loadtest
