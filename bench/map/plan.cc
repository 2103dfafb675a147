#include "bench/map/plan.h"

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/map/row.h"

namespace rcukv::bench {
namespace {

using Words = std::vector<std::string>;

constexpr Distribution kDistributions[] = {Distribution::kUniform, Distribution::kZipf};

constexpr double kGetTarget = 1.5;
constexpr double kMultiGetTarget = 3;
constexpr double kLargestMultiGetTarget = 4;
constexpr double kMemoryTarget = 2;
// In time at most 1.15 and 1.2 times the limit's.
constexpr double kGetOverLimitTarget = 0.87;
constexpr double kMultiGetOverLimitTarget = 0.83;

bool IsLargest(int64_t entries) { return entries == kSizes.back(); }

Words PeerTables() {
  Words tables;
  for (const Peer& peer : kPeers) tables.push_back(peer.table);
  return tables;
}

// ---- The comparisons of one size

class Comparisons {
 public:
  Comparisons(const MapOptions& options, int64_t entries)
      : options_(options), entries_(entries), filter_(options.filter) {}

  std::vector<Compared> All() {
    for (const Distribution distribution : kDistributions) {
      for (const int64_t threads : {1, 2}) {
        for (const int64_t updates : {0, 1, 10}) AddRow(distribution, threads, updates);
      }
      AddOverLimit(distribution);
    }
    AddAbsent();
    if (IsLargest(entries_)) AddMemory();
    return std::move(compared_);
  }

 private:
  void Add(Compared compared) {
    if (std::regex_search(compared.name, filter_)) {
      compared_.push_back(std::move(compared));
    }
  }

  // "map.WHAT.100000.uniform.1t"
  std::string Name(const std::string& what, const Row& row) const {
    return absl::StrCat("map.", what, ".", entries_, ".", ToString(row.distribution), ".",
                        row.threads, "t");
  }
  std::string NameWithUpdates(const Row& row) const {
    return absl::StrCat(Name(ToString(row.access), row), ".u", row.updates);
  }

  void AddRow(Distribution distribution, int64_t threads, int64_t updates) {
    // Rows with 1 % are close to those without updates, and take as long.
    if (updates == 1 && !options_.full) return;
    const Row get = {Access::kGet, distribution, threads, updates};
    Row multiget = get;
    multiget.access = Access::kMultiGet;
    Add({.name = NameWithUpdates(get),
         .figure = ToString(get),
         .target = kGetTarget,
         .peers = PeerTables()});
    Add({.name = NameWithUpdates(multiget),
         .figure = ToString(multiget),
         .target = IsLargest(entries_) ? kLargestMultiGetTarget : kMultiGetTarget,
         .peer_figure = ToString(get),
         .peers = PeerTables()});
    if (updates != 10) return;
    Add({.name = Name("update10", get),
         .figure = ToString(get),
         .target = kGetTarget,
         .peers = PeerTables()});
  }

  void AddOverLimit(Distribution distribution) {
    for (const auto& [access, target] :
         {std::pair(Access::kGet, kGetOverLimitTarget),
          std::pair(Access::kMultiGet, kMultiGetOverLimitTarget)}) {
      const Row row = {access, distribution, 1, 0};
      Add({.name = Name(absl::StrCat(ToString(access), "_over_limit"), row),
           .figure = ToString(row),
           .target = target,
           .peers = {kLimitTable}});
    }
  }

  void AddAbsent() {
    const Row row = {Access::kGetAbsent, Distribution::kUniform, 1, 0};
    Add({.name = NameWithUpdates(row), .figure = ToString(row), .peers = PeerTables()});
  }

  void AddMemory() {
    Add({.name = "map.bytes_per_entry",
         .figure = "overhead_bytes_per_entry",
         .target = kMemoryTarget,
         .peers = {kMemoryPeer},
         .lower_is_better = true});
  }

  const MapOptions& options_;
  const int64_t entries_;
  const std::regex filter_;
  std::vector<Compared> compared_;
};

// ---- The samples that they need

// What the arm is asked for: figures of rows, in the order of the comparisons, but with
// updates last, as they leave another heap behind. Absent: no comparison has the arm.
std::optional<std::vector<Row>> RowsOf(const std::string& table,
                                       const std::vector<Compared>& compared) {
  std::set<Row, decltype([](const Row& a, const Row& b) {
             return std::tie(a.updates, a) < std::tie(b.updates, b);
           })>
      rows;
  bool is_compared = false;
  for (const Compared& each : compared) {
    const bool ours = table == kOurTable;
    if (!ours &&
        std::find(each.peers.begin(), each.peers.end(), table) == each.peers.end()) {
      continue;
    }
    is_compared = true;
    const std::string& figure =
        ours || each.peer_figure.empty() ? each.figure : each.peer_figure;
    if (const auto row = ParseRow(figure); row.ok()) rows.insert(*row);
  }
  if (!is_compared) return std::nullopt;
  return std::vector<Row>(rows.begin(), rows.end());
}

Words CommandOf(const MapOptions& options, const std::string& sampler,
                const std::string& what, const std::string& table, int64_t entries) {
  return {absl::StrCat(options.samplers, "/", sampler), what,
          absl::StrCat("--table=", table), absl::StrCat("--entries=", entries)};
}

void AddLoadArm(const MapOptions& options, const std::string& sampler,
                const std::string& table, int64_t entries, Measure& measure) {
  const auto rows = RowsOf(table, measure.compared);
  if (!rows.has_value()) return;
  Words command = CommandOf(options, sampler, "load", table, entries);
  command.push_back(absl::StrCat(
      "--rows=", absl::StrJoin(*rows, ",", [](std::string* out, const Row& row) {
        absl::StrAppend(out, ToString(row));
      })));
  command.push_back(absl::StrCat("--seconds=", options.seconds));
  measure.arms.push_back({table, std::move(command)});
}

std::optional<Measure> LoadMeasure(const MapOptions& options, int64_t entries) {
  Measure measure = {.name = LoadMeasureName(entries),
                     .arms = {},
                     .compared = Comparisons(options, entries).All()};
  if (measure.compared.empty()) return std::nullopt;
  AddLoadArm(options, "rcukv_sampler", kOurTable, entries, measure);
  AddLoadArm(options, "rcukv_sampler", kLimitTable, entries, measure);
  for (const Peer& peer : kPeers) {
    AddLoadArm(options, peer.sampler, peer.table, entries, measure);
  }
  return measure;
}

Measure GrowthMeasure(const MapOptions& options, int64_t entries) {
  Measure measure = {.name = GrowthMeasureName(entries),
                     .arms = {{kOurTable, CommandOf(options, "rcukv_sampler", "growth",
                                                    kOurTable, entries)}},
                     .compared = {}};
  for (const Peer& peer : kPeers) {
    if (!peer.grows) continue;
    measure.arms.push_back(
        {peer.table, CommandOf(options, peer.sampler, "growth", peer.table, entries)});
  }
  measure.compared.push_back({.name = absl::StrCat(measure.name, ".bytes_per_entry"),
                              .figure = "overhead_bytes_per_entry",
                              .target = kMemoryTarget,
                              .peers = {kMemoryPeer},
                              .lower_is_better = true});
  // It takes minutes, and what it is for is its longest read, not a median.
  if (!options.full) measure.max_rounds = 1;
  return measure;
}

}  // namespace

std::string LoadMeasureName(int64_t entries) {
  return absl::StrCat("map.load.", entries);
}

std::string GrowthMeasureName(int64_t entries) {
  return absl::StrCat("map.growth.", entries);
}

std::vector<Measure> PlanMap(const MapOptions& options) {
  std::vector<Measure> plan;
  int64_t largest = 0;
  for (const int64_t entries : kSizes) {
    if (entries > options.max_entries) continue;
    largest = entries;
    if (auto measure = LoadMeasure(options, entries); measure.has_value()) {
      plan.push_back(*std::move(measure));
    }
  }
  std::vector<Measure> growth =
      Matching({GrowthMeasure(options, largest)}, options.filter);
  std::move(growth.begin(), growth.end(), std::back_inserter(plan));
  return plan;
}

}  // namespace rcukv::bench
