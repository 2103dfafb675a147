#include "bench/serve/sample_options.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "loadtest/base/flag_set.h"

namespace rcukv::bench {
namespace {

template <typename T>
using Names = std::vector<std::pair<const char*, T>>;

const Names<Work>& Works() {
  static const Names<Work> names = {{"fill", Work::kFill},   {"get", Work::kGet},
                                    {"batch", Work::kBatch}, {"paced", Work::kPaced},
                                    {"put", Work::kPut},     {"health", Work::kHealth}};
  return names;
}

const Names<Protocol>& Protocols() {
  static const Names<Protocol> names = {{"rcukv", Protocol::kRcukv},
                                        {"redis", Protocol::kRedis},
                                        {"memcache-text", Protocol::kMemcacheText},
                                        {"memcache-meta", Protocol::kMemcacheMeta}};
  return names;
}

const Names<Shape>& Shapes() {
  static const Names<Shape> names = {{"threads", Shape::kThreads},
                                     {"events", Shape::kEvents},
                                     {"pipeline", Shape::kPipeline}};
  return names;
}

template <typename T>
absl::Status Choose(const Names<T>& names, const std::string& text, T* chosen) {
  for (const auto& [name, value] : names) {
    if (text != name) continue;
    *chosen = value;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("\"%s\" is none of %s", text,
                      absl::StrJoin(names, ", ", [](std::string* out, const auto& name) {
                        absl::StrAppend(out, name.first);
                      })));
}

template <typename T>
const char* NameOf(const Names<T>& names, T value) {
  const auto found = std::find_if(names.begin(), names.end(), [value](const auto& name) {
    return name.second == value;
  });
  return found == names.end() ? "" : found->first;
}

template <typename T>
void AddChoice(const char* flag, const char* help, const Names<T>& names, T* target,
               loadtest::FlagSet& flags) {
  flags.Add(
      flag, help, NameOf(names, *target),
      [&names, target](const std::string& text) { return Choose(names, text, target); });
}

loadtest::FlagSet FlagsOf(ServeSampleOptions& options) {
  loadtest::FlagSet flags;
  AddChoice("protocol", "what the server speaks", Protocols(), &options.protocol, flags);
  flags.Add("port", "where it listens, on loopback", &options.port, 1, 65535);
  flags.Add("pid", "of the server", &options.pid, 0, 1 << 30);
  flags.Add("entries", "that it has, or gets", &options.entries, 1, 100'000'000);
  AddChoice("shape", "what callers are", Shapes(), &options.shape, flags);
  flags.Add("callers", "with a call each under way", &options.callers, 1, 10'000);
  flags.Add("loops", "threads of callers that are events", &options.loops, 1, 64);
  flags.Add("keys", "of a batch", &options.keys, 1, 10'000);
  flags.Add("writers", "callers that put beside an open loop", &options.writers, 0,
            10'000);
  flags.Add("health_checks", "a second, beside the load", &options.health_checks, 0,
            100'000);
  flags.Add("rate", "calls a second of an open loop", &options.rate, 1, 1e9);
  flags.Add("seconds", "how long the load is watched", &options.seconds, 0.01, 600);
  return flags;
}

}  // namespace

absl::StatusOr<ServeSampleOptions> ParseServeSample(
    const std::vector<std::string>& arguments) {
  ServeSampleOptions options;
  if (absl::Status status =
          Choose(Works(), arguments.empty() ? "" : arguments[0], &options.work);
      !status.ok()) {
    return status;
  }
  if (absl::Status status =
          FlagsOf(options).Parse({arguments.begin() + 1, arguments.end()});
      !status.ok()) {
    return status;
  }
  if (options.port == 0) return absl::InvalidArgumentError("--port is missing");
  if (options.work == Work::kHealth && options.health_checks == 0) {
    return absl::InvalidArgumentError("--health_checks is missing");
  }
  if (options.health_checks > 0 && options.protocol != Protocol::kRcukv) {
    return absl::InvalidArgumentError("--health_checks are for --protocol=rcukv alone");
  }
  if (options.writers > 0 &&
      (options.protocol != Protocol::kRcukv || options.work != Work::kPaced)) {
    return absl::InvalidArgumentError(
        "--writers are for paced and --protocol=rcukv alone");
  }
  if (options.shape == Shape::kPipeline &&
      (options.protocol == Protocol::kRcukv || options.work != Work::kPut)) {
    return absl::InvalidArgumentError(
        "--shape=pipeline is for put alone, and not for --protocol=rcukv");
  }
  if (options.loops > options.callers) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "--loops=%d share --callers=%d: fewer", options.loops, options.callers));
  }
  return options;
}

std::vector<std::string> ArgumentsOf(const ServeSampleOptions& options) {
  std::vector<std::string> arguments = {
      NameOf(Works(), options.work),
      absl::StrCat("--protocol=", NameOf(Protocols(), options.protocol)),
      absl::StrCat("--port=", options.port),
      absl::StrCat("--pid=", options.pid),
      absl::StrCat("--entries=", options.entries),
  };
  if (options.work == Work::kFill) return arguments;
  arguments.push_back(absl::StrCat("--shape=", NameOf(Shapes(), options.shape)));
  arguments.push_back(absl::StrCat("--callers=", options.callers));
  arguments.push_back(absl::StrCat("--loops=", options.loops));
  arguments.push_back(absl::StrCat("--seconds=", options.seconds));
  if (options.work == Work::kBatch) {
    arguments.push_back(absl::StrCat("--keys=", options.keys));
  }
  if (options.health_checks > 0) {
    arguments.push_back(absl::StrCat("--health_checks=", options.health_checks));
  }
  if (options.work == Work::kPaced) {
    arguments.push_back(absl::StrFormat("--rate=%.0f", options.rate));
    if (options.writers > 0) {
      arguments.push_back(absl::StrCat("--writers=", options.writers));
    }
  }
  return arguments;
}

}  // namespace rcukv::bench
