#include "loadtest/compare/budget.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/case_names.h"

namespace rcukv::loadtest {
namespace {

// A call of so few keys is nearly all HTTP/2 and gRPC.
constexpr int64_t kFewKeys = 4;

// Nanoseconds, by round.
using Rounds = std::vector<double>;

// Of the rounds that both have.
template <class Combine>
Rounds Combined(const Rounds& a, const Rounds& b, Combine combine) {
  Rounds combined;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    combined.push_back(combine(a[i], b[i]));
  }
  return combined;
}

Rounds Less(const Rounds& a, const Rounds& b) {
  return Combined(a, b, [](double x, double y) { return x - y; });
}

Rounds Scaled(const Rounds& rounds, double factor) {
  return Combined(rounds, rounds, [factor](double x, double) { return x * factor; });
}

// CPU time for a read; empty where that was not measured.
Rounds CpuOfRead(const Comparison& comparison, size_t strategy,
                 const std::string& case_name) {
  const CaseResult* const result = FindCase(comparison, case_name);
  Rounds rounds;
  if (result == nullptr) return rounds;
  for (const Sample& sample : result->samples[strategy]) {
    if (sample.cpu_ns_per_read) rounds.push_back(*sample.cpu_ns_per_read);
  }
  return rounds;
}

Rounds CpuOfSection(const Comparison& comparison, size_t strategy) {
  const Rounds ten = CpuOfRead(comparison, strategy, LookupsCase(Sections::kTenAKey));
  const Rounds one = CpuOfRead(comparison, strategy, LookupsCase(Sections::kOneAKey));
  return Scaled(Less(ten, one), 1.0 / 9);
}

// The kernel's part of the CPU time of the servers of these strategies.
std::optional<double> KernelShare(const CaseResult& result,
                                  const std::vector<size_t>& strategies) {
  double user = 0, system = 0;
  for (const size_t strategy : strategies) {
    for (const Sample& sample : result.samples[strategy]) {
      user += sample.server_user_seconds.value_or(0);
      system += sample.server_system_seconds.value_or(0);
    }
  }
  if (user + system <= 0) return std::nullopt;
  return system / (user + system);
}

// What layer 3 knows of a call.
struct FromLayer3 {
  // A key's, with a section a batch.
  Rounds lookup;
  // A section's.
  Rounds barrier;
};

FromLayer3 LookupAndBarrier(const Comparison& comparison, size_t with, size_t without) {
  const Rounds barrier =
      Less(CpuOfSection(comparison, with), CpuOfSection(comparison, without));
  const Rounds batch = CpuOfRead(comparison, with, LookupsCase(Sections::kOneABatch));
  const auto keys = static_cast<double>(comparison.options.batch);
  return {.lookup = Less(batch, Scaled(barrier, 1 / keys)), .barrier = barrier};
}

// What is known of one size of calls, by round.
struct CallRounds {
  int64_t keys;
  Rounds total;
  Rounds kernel;
  Rounds lookup;
  Rounds barrier;
  // User time that is neither lookup nor barrier.
  Rounds rest;
};

std::optional<CallRounds> RoundsOfCall(const Comparison& comparison,
                                       const FromLayer3& layer3, size_t with,
                                       size_t without, int64_t keys) {
  const std::string name = CallsCase(Rpc::kBatchGet, keys, Sections::kOneABatch);
  const auto factor = static_cast<double>(keys);
  CallRounds call = {.keys = keys,
                     .total = Scaled(CpuOfRead(comparison, with, name), factor),
                     .kernel = {},
                     .lookup = Scaled(layer3.lookup, factor),
                     .barrier = layer3.barrier,
                     .rest = {}};
  if (call.total.empty() || call.lookup.empty() || call.barrier.empty()) return {};
  const auto kernel_share = KernelShare(*FindCase(comparison, name), {with, without});
  if (!kernel_share) return {};
  call.kernel = Scaled(call.total, *kernel_share);
  call.rest = Less(Less(Less(call.total, call.kernel), call.lookup), call.barrier);
  return call;
}

// `smallest`: the call whose rest is HTTP/2 and gRPC alone; null: there is none.
CallBudget BudgetOfCall(const CallRounds& call, const CallRounds* smallest) {
  CallBudget budget = {.keys = call.keys, .total_ns = SpreadOf(call.total), .parts = {}};
  const auto add = [&budget](std::string name, const Rounds& rounds) {
    budget.parts.push_back({std::move(name), SpreadOf(rounds)});
  };
  add("kernel", call.kernel);
  if (smallest == nullptr) {
    add("HTTP/2, gRPC, decoding", call.rest);
  } else {
    add("HTTP/2, gRPC", smallest->rest);
    const bool is_smallest = smallest->keys == call.keys;
    add("decoding, encoding", is_smallest ? Rounds() : Less(call.rest, smallest->rest));
  }
  add("lookup", call.lookup);
  add("barrier", call.barrier);
  return budget;
}

// "45.2 us 62.1%".
std::string Cell(const BudgetPart& part, double total_ns) {
  if (part.ns.count == 0) return "-";
  if (part.IsNoise()) return "in the noise";
  const double percent = 100 * part.ns.median / total_ns;
  return absl::StrFormat("%s %s%%", ShortDuration(part.ns.median),
                         percent < 0.095 ? absl::StrFormat("%.2g", percent)
                                         : absl::StrFormat("%.1f", percent));
}

constexpr char kExplanation[] =
    "Medians over the rounds, in each of which the parts add up to the total. Total: the "
    "server's CPU time, measured; the writes meanwhile are in it. Kernel: measured, by "
    "the kernel's clock ticks in all rounds together. Lookup: derived from layer 3, "
    "whose keys stay in the caches and are looked up one after the other. Barrier: "
    "derived from layer 3, an empty section with it less one without.";
constexpr char kSplit[] =
    " HTTP/2, gRPC: user time of the smallest call, less lookup and barrier. Decoding, "
    "encoding: what more keys add to that, with HTTP/2's part in the longer messages; "
    "the two cannot be told apart from outside.";
constexpr char kNoSplit[] =
    " HTTP/2, gRPC, decoding: the rest; only calls of a few keys beside larger ones "
    "would tell them apart.";
constexpr char kNoise[] =
    " In the noise: the interval of its median over the rounds has 0 in it.";

}  // namespace

Spread SectionNs(const Comparison& comparison, size_t strategy) {
  return SpreadOf(CpuOfSection(comparison, strategy));
}

std::vector<CallBudget> BudgetOf(const Comparison& comparison) {
  const std::optional<size_t> without = BarrierFree(comparison);
  if (!without.has_value()) return {};
  const size_t with = BaseOf(comparison);
  const FromLayer3 layer3 = LookupAndBarrier(comparison, with, *without);
  std::vector<CallRounds> calls;
  for (const int64_t keys : comparison.options.keys) {
    auto call = RoundsOfCall(comparison, layer3, with, *without, keys);
    if (call.has_value()) calls.push_back(*std::move(call));
  }
  const bool split = calls.size() >= 2 && calls.front().keys <= kFewKeys;
  std::vector<CallBudget> budgets;
  for (const CallRounds& call : calls) {
    budgets.push_back(BudgetOfCall(call, split ? &calls.front() : nullptr));
  }
  return budgets;
}

std::string BudgetTitle(const Comparison& comparison) {
  return absl::StrFormat(
      "Budget of a call: BatchGet with %s, a section a call, CPU time of the server",
      comparison.strategies[BaseOf(comparison)].name);
}

Table BudgetTable(const std::vector<CallBudget>& budgets) {
  Table table = {.columns = {"keys a call"}, .rows = {{"total"}}};
  for (const CallBudget& budget : budgets) {
    table.columns.push_back(absl::StrFormat("%d", budget.keys));
    table.rows[0].push_back(ShortDuration(budget.total_ns.median));
  }
  for (size_t i = 0; i < budgets.front().parts.size(); ++i) {
    std::vector<std::string> row = {"  " + budgets.front().parts[i].name};
    for (const CallBudget& budget : budgets) {
      row.push_back(Cell(budget.parts[i], budget.total_ns.median));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string BudgetWords(const std::vector<CallBudget>& budgets) {
  const bool split = budgets.front().parts.size() > 4;
  return std::string(kExplanation) + (split ? kSplit : kNoSplit) + kNoise;
}

std::string RenderBudget(const Comparison& comparison) {
  const std::vector<CallBudget> budgets = BudgetOf(comparison);
  if (budgets.empty()) return "";
  return BudgetTitle(comparison) + "\n\n" + RenderText(BudgetTable(budgets)) + "\n" +
         Wrapped(BudgetWords(budgets), kTerminalColumns);
}

}  // namespace rcukv::loadtest
