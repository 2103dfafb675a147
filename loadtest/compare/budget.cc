#include "loadtest/compare/budget.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/case_names.h"

namespace rcukv::loadtest {
namespace {

constexpr size_t kColumns = 90;
// A call of so few keys is nearly all HTTP/2 and gRPC.
constexpr int64_t kFewKeys = 4;

std::optional<double> CpuNsPerRead(const Comparison& comparison, size_t strategy,
                                   const std::string& case_name) {
  const CaseResult* const result = FindCase(comparison, case_name);
  if (result == nullptr) return std::nullopt;
  const Spread spread = SpreadOfFigure(*result, strategy, &Sample::cpu_ns_per_read);
  if (spread.count == 0) return std::nullopt;
  return spread.median;
}

// The kernel's part of the servers' CPU time.
std::optional<double> KernelShare(const CaseResult& result) {
  double user = 0, system = 0;
  for (const std::vector<Sample>& samples : result.samples) {
    for (const Sample& sample : samples) {
      user += sample.server_user_seconds.value_or(0);
      system += sample.server_system_seconds.value_or(0);
    }
  }
  if (user + system <= 0) return std::nullopt;
  return system / (user + system);
}

// The parts of a call that layer 3 knows, in nanoseconds.
struct FromLayer3 {
  // A key's, with a section a batch.
  double lookup;
  // A section's.
  double barrier;
};

std::optional<FromLayer3> LookupAndBarrier(const Comparison& comparison, size_t with,
                                           size_t without) {
  const auto lookup = CpuNsPerRead(comparison, with, LookupsCase(Sections::kOneABatch));
  const auto section_with = SectionNs(comparison, with);
  const auto section_without = SectionNs(comparison, without);
  if (!lookup || !section_with || !section_without) return std::nullopt;
  const double barrier = *section_with - *section_without;
  const auto batch = static_cast<double>(comparison.options.batch);
  return FromLayer3{.lookup = *lookup - barrier / batch, .barrier = barrier};
}

// User time that is neither lookup nor barrier.
double RestNs(const CallBudget& budget) {
  return budget.total_ns - budget.kernel_ns - budget.lookup_ns - budget.barrier_ns;
}

std::string Part(double ns, double total_ns) {
  const double percent = 100 * ns / total_ns;
  if (ns == 0) return "-";
  if (ns < 0) return "in the noise";
  return absl::StrFormat("%s %s%%", ShortDuration(ns),
                         percent < 0.095 ? absl::StrFormat("%.2g", percent)
                                         : absl::StrFormat("%.1f", percent));
}

using PartOf = double (*)(const CallBudget&);

void AddRow(const std::string& name, const std::vector<CallBudget>& budgets, PartOf part,
            TextTable& table) {
  std::vector<std::string> row = {name};
  for (const CallBudget& budget : budgets) {
    row.push_back(Part(part(budget), budget.total_ns));
  }
  table.AddRow(std::move(row));
}

std::string RenderTable(const std::vector<CallBudget>& budgets) {
  std::vector<std::string> header = {"keys a call"};
  std::vector<std::string> totals = {"total"};
  for (const CallBudget& budget : budgets) {
    header.push_back(absl::StrFormat("%d", budget.keys));
    totals.push_back(ShortDuration(budget.total_ns));
  }
  const bool together = !budgets.front().keys_ns.has_value();
  TextTable table(std::move(header));
  table.AddRow(std::move(totals));
  AddRow(
      "  kernel", budgets, [](const CallBudget& b) { return b.kernel_ns; }, table);
  AddRow(
      together ? "  HTTP/2, gRPC, decoding" : "  HTTP/2, gRPC", budgets,
      [](const CallBudget& b) { return b.grpc_ns; }, table);
  if (!together) {
    AddRow(
        "  decoding, encoding", budgets,
        [](const CallBudget& b) { return b.keys_ns.value_or(0); }, table);
  }
  AddRow(
      "  lookup", budgets, [](const CallBudget& b) { return b.lookup_ns; }, table);
  AddRow(
      "  barrier", budgets, [](const CallBudget& b) { return b.barrier_ns; }, table);
  return table.Render();
}

constexpr char kExplanation[] =
    "Total: the server's CPU time, measured; the writes meanwhile are in it. Kernel: "
    "measured, by the kernel's clock ticks in all rounds and strategies together. "
    "Lookup: derived from layer 3, whose keys "
    "stay "
    "in the caches: the least that it can be. Barrier: derived from layer 3, an empty "
    "section with it less one without.";
constexpr char kSplit[] =
    " HTTP/2, gRPC: user time of the smallest call, less lookup and barrier. Decoding, "
    "encoding: what more keys add to that, with HTTP/2's part in the longer messages; "
    "the "
    "two cannot be told apart from outside.";
constexpr char kNoSplit[] =
    " HTTP/2, gRPC, decoding: the rest; only calls of a few keys beside larger ones "
    "would "
    "tell them apart.";

}  // namespace

std::optional<double> SectionNs(const Comparison& comparison, size_t strategy) {
  const auto ten = CpuNsPerRead(comparison, strategy, LookupsCase(Sections::kTenAKey));
  const auto one = CpuNsPerRead(comparison, strategy, LookupsCase(Sections::kOneAKey));
  if (!ten || !one) return std::nullopt;
  return (*ten - *one) / 9;
}

std::vector<CallBudget> BudgetOf(const Comparison& comparison) {
  const std::optional<size_t> without = BarrierFree(comparison);
  if (!without.has_value()) return {};
  const size_t with = BaseOf(comparison);
  const std::optional<FromLayer3> layer3 = LookupAndBarrier(comparison, with, *without);
  if (!layer3.has_value()) return {};

  std::vector<CallBudget> budgets;
  for (const int64_t keys : comparison.options.keys) {
    const std::string name = CallsCase(Rpc::kBatchGet, keys, Sections::kOneABatch);
    const auto cpu_ns_per_read = CpuNsPerRead(comparison, with, name);
    if (!cpu_ns_per_read) continue;
    const auto kernel_share = KernelShare(*FindCase(comparison, name));
    if (!kernel_share) continue;
    CallBudget budget = {.keys = keys};
    budget.total_ns = *cpu_ns_per_read * static_cast<double>(keys);
    budget.kernel_ns = budget.total_ns * *kernel_share;
    budget.lookup_ns = layer3->lookup * static_cast<double>(keys);
    budget.barrier_ns = layer3->barrier;
    budget.grpc_ns = RestNs(budget);
    budgets.push_back(budget);
  }
  if (budgets.size() < 2 || budgets.front().keys > kFewKeys) return budgets;
  const double smallest = budgets.front().grpc_ns;
  for (CallBudget& budget : budgets) {
    budget.keys_ns = budget.grpc_ns - smallest;
    budget.grpc_ns = smallest;
  }
  return budgets;
}

std::string RenderBudget(const Comparison& comparison) {
  const std::vector<CallBudget> budgets = BudgetOf(comparison);
  if (budgets.empty()) return "";
  const bool together = !budgets.front().keys_ns.has_value();
  return absl::StrFormat(
             "Budget of a call: BatchGet with %s, a section a call, CPU time of the "
             "server\n\n",
             comparison.strategies[BaseOf(comparison)].name) +
         RenderTable(budgets) + "\n" +
         Wrapped(std::string(kExplanation) + (together ? kNoSplit : kSplit), kColumns);
}

}  // namespace rcukv::loadtest
