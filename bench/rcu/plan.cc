#include "bench/rcu/plan.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rcukv::bench {
namespace {

using Words = std::vector<std::string>;

// Readers and writers of a load.
struct Shape {
  const char* name;
  int readers;
  int writers;
};
constexpr Shape k1r0w = {"1r0w", 1, 0};
constexpr Shape k1r1w = {"1r1w", 1, 1};
constexpr Shape k6r2w = {"6r2w", 6, 2};

Words ThreadsOf(const Shape& shape) {
  return {absl::StrCat("--readers=", shape.readers),
          absl::StrCat("--writers=", shape.writers)};
}

class Planner {
 public:
  explicit Planner(const RcuOptions& options) : options_(options) {}

  std::vector<Measure> Plan() {
    AddReads();
    AddReadsAmongOurs();
    AddSynchronize();
    AddRetire();
    AddTable();
    AddMembarrier();
    AddModes();
    return std::move(measures_);
  }

 private:
  Arm ArmOf(const std::string& library, const std::string& sampler, const char* what,
            const std::string& flavor, const Words& flags) const {
    Words command = {absl::StrCat(options_.samplers, "/", sampler), what,
                     absl::StrCat("--flavor=", flavor)};
    command.insert(command.end(), flags.begin(), flags.end());
    return {absl::StrCat(library, "-", flavor), std::move(command)};
  }
  Arm Ours(const char* what, const std::string& flavor, const Words& flags) const {
    return ArmOf("rcukv", "rcukv_sampler", what, flavor, flags);
  }
  Arm Liburcu(const char* what, const std::string& flavor, const Words& flags) const {
    const bool wrapped = flavor == "non_expedited";
    return ArmOf("liburcu", wrapped ? "liburcu_non_expedited_sampler" : "liburcu_sampler",
                 what, flavor, flags);
  }

  Words LoadFlags(Words threads) const {
    threads.push_back(absl::StrCat("--seconds=", options_.seconds));
    return threads;
  }

  void Add(const std::string& name, Arm ours, Arm peer, const std::string& figure,
           std::optional<double> target) {
    measures_.push_back({.name = name,
                         .arms = {std::move(ours), std::move(peer)},
                         .compared = {{name, figure, target}}});
  }

  void AddRead(const std::string& flavor, const Shape& shape, double target) {
    const Words flags = LoadFlags(ThreadsOf(shape));
    Add(absl::StrCat("rcu.read.", flavor, ".", shape.name), Ours("load", flavor, flags),
        Liburcu("load", flavor, flags), "reads_per_second", target);
  }

  void AddReads() {
    AddRead("memb", k1r0w, 1.5);
    AddRead("memb", k1r1w, 1);
    AddRead("memb", k6r2w, 2);
    for (const char* flavor : {"mb", "signal", "qsbr"}) {
      for (const Shape& shape : {k1r0w, k1r1w, k6r2w}) AddRead(flavor, shape, 1);
    }
  }

  void AddReadOver(const std::string& flavor, const std::string& base, const Shape& shape,
                   std::optional<double> target) {
    const Words flags = LoadFlags(ThreadsOf(shape));
    Add(absl::StrCat("rcu.read.", flavor, "_over_", base, ".", shape.name),
        Ours("load", flavor, flags), Ours("load", base, flags), "reads_per_second",
        target);
  }

  void AddReadsAmongOurs() {
    AddReadOver("memb", "mb", k6r2w, 10);
    AddReadOver("memb", "qsbr", k1r0w, std::nullopt);
    for (const Shape& shape : {k1r0w, k6r2w}) {
      AddReadOver("rseq", "memb", shape, std::nullopt);
    }
  }

  void AddSync(const std::string& name, const Words& threads,
               std::optional<double> target) {
    const Words flags = LoadFlags(threads);
    Add(name, Ours("load", "memb", flags), Liburcu("load", "memb", flags),
        "syncs_per_second", target);
  }

  void AddSynchronize() {
    AddSync("rcu.sync.memb.busy", {"--readers=1", "--synchronizers=1"}, 1.5);
    AddSync("rcu.sync.memb.shared", {"--synchronizers=8"}, 2);
    AddSync("rcu.sync.memb.registered_idle", {"--idle=64", "--synchronizers=1"},
            std::nullopt);
  }

  void AddRetire() {
    Words flags = {absl::StrCat("--callbacks=", options_.callbacks)};
    Add("rcu.retire.memb", Ours("retire", "memb", flags),
        Liburcu("retire", "memb", flags), "callbacks_per_second", 4);
    flags.push_back("--allocate");
    Add("rcu.retire_free.memb", Ours("retire", "memb", flags),
        Liburcu("retire", "memb", flags), "callbacks_per_second", 2);
  }

  void AddTable() {
    Words flags = ThreadsOf(k6r2w);
    flags.push_back(absl::StrCat("--seconds=", options_.table_seconds));
    for (const PatchRow& row : kPatchTable) {
      // The expedited row is what memb does by default.
      const std::string flavor =
          row.flavor == std::string_view("expedited") ? "memb" : row.flavor;
      const std::string name = TableMeasureName(row);
      measures_.push_back(
          {.name = name,
           .arms = {Ours("load", flavor, flags), Liburcu("load", flavor, flags)},
           .compared = {
               {absl::StrCat(name, ".reads"), "reads_per_second", std::nullopt},
               {absl::StrCat(name, ".writes"), "writes_per_second", std::nullopt}}});
    }
  }

  void AddMembarrier() {
    for (const char* command : kMembarrierCommands) {
      for (const int64_t busy : kBusyThreads) {
        measures_.push_back(
            {.name = MembarrierMeasureName(command, busy),
             .arms = {{"kernel",
                       {absl::StrCat(options_.samplers, "/membarrier_sampler"),
                        absl::StrCat("--command=", command),
                        absl::StrCat("--busy=", busy),
                        absl::StrCat("--seconds=", options_.seconds)}}},
             .compared = {}});
      }
    }
  }

  void AddModes() {
    for (const ModeColumn& column : kModes) {
      Words command = {absl::StrCat(options_.samplers, "/modes_sampler"),
                       absl::StrCat("--mode=", column.mode),
                       absl::StrCat("--seconds=", options_.modes_seconds)};
      if (column.budget.has_value()) {
        command.push_back(absl::StrCat("--budget=", *column.budget));
      }
      measures_.push_back({.name = ModeMeasureName(column),
                           .arms = {{"rcukv-memb", std::move(command)}},
                           .compared = {}});
    }
  }

  const RcuOptions& options_;
  std::vector<Measure> measures_;
};

}  // namespace

std::string TableMeasureName(const PatchRow& row) {
  return absl::StrCat("rcu.table.", row.flavor);
}

std::string MembarrierMeasureName(const std::string& command, int64_t busy) {
  return absl::StrCat("rcu.membarrier.", command, ".", busy, "busy");
}

std::string ModeMeasureName(const ModeColumn& column) {
  return absl::StrCat("rcu.modes.", column.name);
}

std::vector<Measure> PlanRcu(const RcuOptions& options) {
  return Matching(Planner(options).Plan(), options.filter);
}

}  // namespace rcukv::bench
