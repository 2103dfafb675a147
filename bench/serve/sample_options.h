// What a sampler of `bench serve` is told.
#ifndef RCUKV_BENCH_SERVE_SAMPLE_OPTIONS_H_
#define RCUKV_BENCH_SERVE_SAMPLE_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rcukv::bench {

// What the server speaks.
enum class Protocol { kRcukv, kRedis, kMemcacheText, kMemcacheMeta };

// What a sampler does with it.
enum class Work {
  // Puts the entries into it.
  kFill,
  // A closed loop of Gets of one key.
  kGet,
  // A closed loop of batches.
  kBatch,
  // An open loop of Gets.
  kPaced,
  // A closed loop of writes of one key.
  kPut,
  // Health checks alone, until it is killed.
  kHealth,
};

// Whether a caller is a thread that blocks, what an event loop does next, or a request
// that one connection, which all share, has under way (of a peer, and of kPut alone).
enum class Shape { kThreads, kEvents, kPipeline };

struct ServeSampleOptions {
  Work work = Work::kGet;
  Protocol protocol = Protocol::kRcukv;
  // On the loopback interface.
  int64_t port = 0;
  // The server's process, whose CPU time is taken. 0: nobody's.
  int64_t pid = 0;
  int64_t entries = 1'000'000;
  Shape shape = Shape::kThreads;
  // Callers, each with at most one call under way. A peer's callers have a connection
  // each, ours share one.
  int64_t callers = 50;
  // Of a peer's client, where callers are events: they share the callers.
  int64_t loops = 1;
  // Of a batch.
  int64_t keys = 100;
  // Of our server: callers that put beside an open loop, as kPut does.
  int64_t writers = 0;
  // Health checks a second beside a load on our server.
  int64_t health_checks = 0;
  // Calls a second of all callers of an open loop.
  double rate = 1000;
  // How long the load is watched, after a fifth of it has passed, half a second at most.
  double seconds = 1;
};

// `arguments`: the work, then flags. INVALID_ARGUMENT names what is wrong.
absl::StatusOr<ServeSampleOptions> ParseServeSample(
    const std::vector<std::string>& arguments);

// The reverse: what a sampler is to be called with.
std::vector<std::string> ArgumentsOf(const ServeSampleOptions& options);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_SAMPLE_OPTIONS_H_
