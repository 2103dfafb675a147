#include "bench/serve/plan.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bench/serve/sample_options.h"

namespace rcukv::bench {
namespace {

using Words = std::vector<std::string>;

constexpr char kRcukv[] = "rcukv";
constexpr char kBare[] = "bare";
constexpr char kRedis[] = "redis";
constexpr char kMemcached[] = "memcached";

constexpr double kGetTarget = 2;

// A second: as if a hundred probes watched, of a second's period each.
constexpr int64_t kHealthChecks = 100;

struct BatchTarget {
  int64_t keys;
  double target;
};
constexpr BatchTarget kBatches[] = {{16, 1}, {100, 1.5}, {1000, 4}};

// ---- Arms: the ways to ask a server

class Arms {
 public:
  Arms(const ServeOptions& options, const std::vector<RunningServer>& servers)
      : options_(options), servers_(servers) {}

  // Every server in every way that its protocol has, which begin with `asked`; but for
  // the bare one.
  std::vector<Arm> All(const ServeSampleOptions& asked) const {
    std::vector<Arm> arms;
    for (const RunningServer& server : servers_) {
      if (server.kind == ServerKind::kRcukvBare) continue;
      for (const Protocol protocol : ProtocolsOf(server.kind)) {
        for (ServeSampleOptions& way : WaysOf(protocol, asked)) {
          way.protocol = protocol;
          arms.push_back(Of(server, way));
        }
      }
    }
    return arms;
  }

  // Those of one kind in one way.
  std::vector<Arm> Of(ServerKind kind, const ServeSampleOptions& way) const {
    std::vector<Arm> arms;
    for (const RunningServer& server : servers_) {
      if (server.kind == kind) arms.push_back(Of(server, way));
    }
    return arms;
  }

  static Words CommandOf(const ServeOptions& options, const ServeSampleOptions& way) {
    Words command = {absl::StrCat(options.samplers, "/sampler")};
    const Words arguments = ArgumentsOf(way);
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
  }

 private:
  Arm Of(const RunningServer& server, ServeSampleOptions way) const {
    way.port = server.port;
    way.pid = server.pid;
    way.entries = options_.entries;
    way.seconds = options_.seconds;
    return {LabelOf(server, way), CommandOf(options_, way)};
  }

  static std::vector<Protocol> ProtocolsOf(ServerKind kind) {
    switch (kind) {
      case ServerKind::kRcukv:
      case ServerKind::kRcukvBare:
        return {Protocol::kRcukv};
      case ServerKind::kRedis:
        return {Protocol::kRedis};
      case ServerKind::kMemcached:
        break;
    }
    return {Protocol::kMemcacheText, Protocol::kMemcacheMeta};
  }

  static std::vector<ServeSampleOptions> WaysOf(Protocol protocol,
                                                ServeSampleOptions way) {
    std::vector<ServeSampleOptions> ways;
    way.shape = Shape::kThreads;
    if (way.work != Work::kPaced) ways.push_back(way);
    way.shape = Shape::kEvents;
    ways.push_back(way);
    if (protocol == Protocol::kRcukv) return ways;
    way.loops = 2;
    if (way.work != Work::kBatch) ways.push_back(way);
    return ways;
  }

  static std::string LabelOf(const RunningServer& server, const ServeSampleOptions& way) {
    std::string label = server.label;
    if (way.protocol == Protocol::kMemcacheText) label += "/text";
    if (way.protocol == Protocol::kMemcacheMeta) label += "/meta";
    if (way.health_checks > 0) label += "/checked";
    if (way.shape == Shape::kThreads) return label + "/threads";
    if (way.protocol == Protocol::kRcukv) return label + "/async";
    return absl::StrCat(label, "/loops", way.loops);
  }

  const ServeOptions& options_;
  const std::vector<RunningServer>& servers_;
};

// ---- Comparisons

// Labels of the arms whose server's begins with `server` and whose way ends with `way`.
Words Labelled(const std::vector<Arm>& arms, const std::string& server,
               const std::string& way = "") {
  Words labels;
  for (const Arm& arm : arms) {
    if (absl::StartsWith(arm.label, server) && absl::StrContains(arm.label, way)) {
      labels.push_back(arm.label);
    }
  }
  return labels;
}

Words operator+(Words a, const Words& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Of our best way with the best of the peers'.
void Compare(Compared compared, const Words& peers, Measure& measure) {
  if (compared.ours.empty()) compared.ours = Labelled(measure.arms, kRcukv);
  compared.peers = peers;
  measure.compared.push_back(std::move(compared));
}

// Of the server, and of server and client together: where others use the machine too, the
// latter says more of a closed loop than its rate.
void CompareCpu(const std::string& load, Measure& measure) {
  for (const char* figure : {"server_cpu_us_per_key", "cpu_us_per_key"}) {
    Compare({.name = absl::StrCat("serve.", figure, ".", load),
             .figure = figure,
             .lower_is_better = true},
            Labelled(measure.arms, kMemcached) + Labelled(measure.arms, kRedis), measure);
  }
}

Measure GetMeasure(const Arms& arms) {
  Measure measure = {.name = "serve.get", .arms = {}, .compared = {}};
  measure.arms = arms.All({.work = Work::kGet, .callers = kCallers});
  const std::string figure = "keys_per_second";
  const std::string callers = absl::StrCat(kCallers);
  for (const char* peer : {kMemcached, kRedis}) {
    Compare({.name = absl::StrCat("serve.get.", callers, "callers"),
             .figure = figure,
             .target = kGetTarget},
            Labelled(measure.arms, peer), measure);
  }
  for (const auto& [name, ours, theirs] : {std::tuple("threads", "/threads", "/threads"),
                                           std::tuple("async", "/async", "/loops")}) {
    Compare({.name = absl::StrCat("serve.get.", callers, name),
             .figure = figure,
             .ours = Labelled(measure.arms, kRcukv, ours)},
            Labelled(measure.arms, kMemcached, theirs) +
                Labelled(measure.arms, kRedis, theirs),
            measure);
  }
  CompareCpu(absl::StrCat("get.", callers, "callers"), measure);
  return measure;
}

// What the services around the data plane take of it: of a server that is asked for its
// health all the time, and of one that has reflection, over one without.
Measure ServicesMeasure(const Arms& arms) {
  const ServeSampleOptions gets = {
      .work = Work::kGet, .shape = Shape::kEvents, .callers = kCallers};
  ServeSampleOptions checked = gets;
  checked.health_checks = kHealthChecks;
  Measure measure = {.name = "serve.services", .arms = {}, .compared = {}};
  for (const auto& some :
       {arms.Of(ServerKind::kRcukv, gets), arms.Of(ServerKind::kRcukv, checked),
        arms.Of(ServerKind::kRcukvBare, gets)}) {
    measure.arms.insert(measure.arms.end(), some.begin(), some.end());
  }
  const Words plain = Labelled(measure.arms, "rcukv/async");
  for (const auto& [name, ours, theirs] :
       {std::tuple("health", Labelled(measure.arms, "rcukv/checked"), plain),
        std::tuple("reflection", plain, Labelled(measure.arms, kBare))}) {
    measure.compared.push_back({.name = absl::StrCat("serve.services.", name),
                                .figure = "keys_per_second",
                                .peers = theirs,
                                .ours = ours});
  }
  return measure;
}

Measure BatchMeasure(const Arms& arms, const BatchTarget& batch) {
  const std::string load = absl::StrCat("batch.", batch.keys);
  Measure measure = {.name = absl::StrCat("serve.", load), .arms = {}, .compared = {}};
  measure.arms =
      arms.All({.work = Work::kBatch, .callers = kBatchCallers, .keys = batch.keys});
  Compare({.name = measure.name, .figure = "keys_per_second", .target = batch.target},
          Labelled(measure.arms, kMemcached) + Labelled(measure.arms, kRedis), measure);
  CompareCpu(load, measure);
  return measure;
}

Measure PacedMeasure(const Arms& arms, double rate) {
  Measure measure = {.name = kPacedMeasure, .arms = {}, .compared = {}};
  measure.arms = arms.All({.work = Work::kPaced, .callers = kCallers, .rate = rate});
  for (const char* peer : {kMemcached, kRedis}) {
    Compare({.name = absl::StrCat(kPacedMeasure, ".", kCallers, "callers"),
             .figure = "p99_us",
             .lower_is_better = true},
            Labelled(measure.arms, peer), measure);
  }
  return measure;
}

}  // namespace

std::vector<Measure> PlanServe(const ServeOptions& options,
                               const std::vector<RunningServer>& servers, double rate) {
  const Arms arms(options, servers);
  std::vector<Measure> plan = {GetMeasure(arms)};
  for (const BatchTarget& batch : kBatches) plan.push_back(BatchMeasure(arms, batch));
  plan.push_back(ServicesMeasure(arms));
  plan.push_back(PacedMeasure(arms, rate));
  return Matching(std::move(plan), options.filter);
}

Arm FillArm(const ServeOptions& options, const RunningServer& server) {
  ServeSampleOptions fill = {.work = Work::kFill};
  if (server.kind == ServerKind::kRedis) fill.protocol = Protocol::kRedis;
  if (server.kind == ServerKind::kMemcached) fill.protocol = Protocol::kMemcacheText;
  fill.port = server.port;
  fill.pid = server.pid;
  fill.entries = options.entries;
  return {server.label, Arms::CommandOf(options, fill)};
}

std::vector<Arm> PeakArms(const ServeOptions& options,
                          const std::vector<RunningServer>& servers) {
  std::vector<Arm> arms =
      Arms(options, servers).All({.work = Work::kGet, .callers = kCallers});
  std::erase_if(arms, [](const Arm& arm) {
    return !absl::StartsWith(arm.label, kMemcached) ||
           !absl::StrContains(arm.label, "/loops");
  });
  return arms;
}

std::vector<RunningServer> NoServers() {
  return {{.kind = ServerKind::kRcukv, .label = kRcukv},
          {.kind = ServerKind::kRcukvBare, .label = kBare},
          {.kind = ServerKind::kRedis, .label = kRedis},
          {.kind = ServerKind::kMemcached, .label = kMemcached}};
}

}  // namespace rcukv::bench
