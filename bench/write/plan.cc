#include "bench/write/plan.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/serve/sample_options.h"
#include "bench/write/stores.h"

namespace rcukv::bench {
namespace {

using Words = std::vector<std::string>;

constexpr int64_t kClients[] = {1, 16, 64};
// With as many clients as that nobody waits for the disk alone.
constexpr int64_t kManyClients = 64;
constexpr double kPutsTarget = 1;
constexpr double kRecoveryTarget = 0.5;
// Of the Gets beside writers.
constexpr int64_t kReaders = 16;

// One durability: ours and Redis's.
struct Pair {
  const char* name;
  const char* ours;
  const char* peer;
};
constexpr Pair kPairs[] = {{"sync", kOursSync, kRedisAlways},
                           {"async", kOursAsync, kRedisEverySec}};

Words SamplerCommand(const WriteOptions& options, const ServeSampleOptions& way) {
  // Bazel builds it in the folder of the benchmark that it is of first of all.
  Words command = {absl::StrCat(options.samplers, "/../serve/sampler")};
  for (std::string& argument : ArgumentsOf(way)) command.push_back(std::move(argument));
  return command;
}

Words RecoveryCommand(const WriteOptions& options, const std::string& work,
                      const std::string& directory) {
  return {absl::StrCat(options.samplers, "/recovery_sampler"), work,
          absl::StrCat("--data_dir=", directory),
          absl::StrCat("--entries=", options.recovered_entries)};
}

class Arms {
 public:
  Arms(const WriteOptions& options, const std::vector<RunningServer>& servers)
      : options_(options), servers_(servers) {}

  Arm Of(const std::string& server, const std::string& suffix,
         ServeSampleOptions way) const {
    const auto found = std::find_if(
        servers_.begin(), servers_.end(),
        [&](const RunningServer& running) { return running.label == server; });
    if (found->kind == ServerKind::kRedis) way.protocol = Protocol::kRedis;
    way.port = found->port;
    way.pid = found->pid;
    way.entries = options_.entries;
    way.seconds = options_.seconds;
    return {server + suffix, SamplerCommand(options_, way)};
  }

 private:
  const WriteOptions& options_;
  const std::vector<RunningServer>& servers_;
};

// Clients that are threads, clients that one or two threads are for, and as many writes
// under way on the one connection of a single client: ours has one in any case.
Measure PutsMeasure(const Arms& arms, const Pair& pair, int64_t clients) {
  const std::string load = absl::StrCat(pair.name, ".", clients, "clients");
  Measure measure = {
      .name = absl::StrCat("write.puts.", load), .arms = {}, .compared = {}};
  ServeSampleOptions way = {.work = Work::kPut, .callers = clients};
  measure.arms.push_back(arms.Of(pair.ours, "/threads", way));
  measure.arms.push_back(arms.Of(pair.peer, "/threads", way));
  way.shape = Shape::kEvents;
  measure.arms.push_back(arms.Of(pair.ours, "/bulk", way));
  for (way.loops = 1; way.loops <= std::min<int64_t>(2, clients); ++way.loops) {
    measure.arms.push_back(arms.Of(pair.peer, absl::StrCat("/loops", way.loops), way));
  }
  way.shape = Shape::kPipeline;
  way.loops = 1;
  measure.arms.push_back(arms.Of(pair.peer, "/pipeline", way));
  const Words ours = {absl::StrCat(pair.ours, "/threads"),
                      absl::StrCat(pair.ours, "/bulk")};
  Compared puts = {.name = measure.name, .figure = "keys_per_second", .ours = ours};
  if (clients == kManyClients) puts.target = kPutsTarget;
  measure.compared = {std::move(puts),
                      {.name = absl::StrCat("write.server_cpu_us_per_put.", load),
                       .figure = "server_cpu_us_per_key",
                       .lower_is_better = true,
                       .ours = ours}};
  return measure;
}

// What writers at full rate do to reads, where replaced entries are reclaimed in the
// background, beside where each batch waits for a grace period.
Measure ReadsMeasure(const WriteOptions& options, const Arms& arms) {
  const ServeSampleOptions reads = {.work = Work::kPaced,
                                    .shape = Shape::kEvents,
                                    .callers = kReaders,
                                    .writers = kManyClients,
                                    .rate = options.rate};
  return {.name = kReadsMeasure,
          .arms = {arms.Of(kOursSync, "", reads), arms.Of(kOursSynchronize, "", reads)},
          .compared = {{.name = absl::StrCat(kReadsMeasure, ".p99"),
                        .figure = "p99_us",
                        .lower_is_better = true},
                       {.name = absl::StrCat(kReadsMeasure, ".puts"),
                        .figure = "puts_per_second"}}};
}

// From its start until the server listens, beside RocksDB alone, which reads all of the
// database in one thread, and in as many as the machine has cores.
Measure RecoveryMeasure(const WriteOptions& options, const std::string& recovered) {
  Words recover = RecoveryCommand(options, "recover", recovered);
  recover.push_back(absl::StrCat("--server=", options.server));
  Words parallel = RecoveryCommand(options, "scan", recovered);
  parallel.push_back("--parallel=true");
  return {.name = kRecoveryMeasure,
          .arms = {{"rcukv", std::move(recover)},
                   {"scan", RecoveryCommand(options, "scan", recovered)},
                   {"scan-parallel", std::move(parallel)}},
          .compared = {{.name = kRecoveryMeasure,
                        .figure = "entries_per_second",
                        .target = kRecoveryTarget,
                        .peers = {"scan"}},
                       {.name = absl::StrCat(kRecoveryMeasure, ".parallel"),
                        .figure = "entries_per_second",
                        .peers = {"scan-parallel"}}}};
}

}  // namespace

std::vector<Measure> PlanWrite(const WriteOptions& options,
                               const std::vector<RunningServer>& servers,
                               const std::string& recovered) {
  const Arms arms(options, servers);
  std::vector<Measure> plan;
  for (const Pair& pair : kPairs) {
    for (const int64_t clients : kClients) {
      plan.push_back(PutsMeasure(arms, pair, clients));
    }
  }
  plan.push_back(ReadsMeasure(options, arms));
  plan.push_back(RecoveryMeasure(options, recovered));
  return Matching(std::move(plan), options.filter);
}

Arm FillStoreArm(const WriteOptions& options, const RunningServer& server) {
  ServeSampleOptions fill = {.work = Work::kFill};
  if (server.kind == ServerKind::kRedis) fill.protocol = Protocol::kRedis;
  fill.port = server.port;
  fill.pid = server.pid;
  fill.entries = options.entries;
  return {server.label, SamplerCommand(options, fill)};
}

Arm FillRecoveredArm(const WriteOptions& options, const std::string& recovered) {
  return {"the directory to recover", RecoveryCommand(options, "fill", recovered)};
}

}  // namespace rcukv::bench
