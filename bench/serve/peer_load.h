// Loads on Redis and memcached: a connection a caller.
#ifndef RCUKV_BENCH_SERVE_PEER_LOAD_H_
#define RCUKV_BENCH_SERVE_PEER_LOAD_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/serve/load.h"
#include "bench/serve/sample_options.h"

namespace rcukv::bench {

// Puts the entries of `options` into the server.
absl::Status FillPeer(const ServeSampleOptions& options);

// A closed loop of options.callers, each of which asks as soon as it is answered.
absl::StatusOr<std::unique_ptr<Load>> StartPeerLoad(const ServeSampleOptions& options);

// An open loop: options.loops event loops with their share of the callers and of the
// rate. A call that is due while all callers of its loop wait for answers begins late.
absl::StatusOr<std::unique_ptr<PacedLoad>> StartPacedPeerLoad(
    const ServeSampleOptions& options, const Window& window);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_PEER_LOAD_H_
