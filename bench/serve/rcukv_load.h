// Loads on our server, through the client library.
#ifndef RCUKV_BENCH_SERVE_RCUKV_LOAD_H_
#define RCUKV_BENCH_SERVE_RCUKV_LOAD_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/serve/load.h"
#include "bench/serve/sample_options.h"

namespace rcukv::bench {

// Puts the entries of `options` into the server.
absl::Status FillRcukv(const ServeSampleOptions& options);

// A closed loop of options.callers of one Client: threads that call Get, BatchGet or Put,
// or chains of GetAsync or BatchGetAsync, or one thread whose BulkWriter has as many Puts
// under way.
absl::StatusOr<std::unique_ptr<Load>> StartRcukvLoad(const ServeSampleOptions& options);

// An open loop: one thread calls GetAsync when it is due. A call that is due while all
// callers wait for answers begins late.
absl::StatusOr<std::unique_ptr<PacedLoad>> StartPacedRcukvLoad(
    const ServeSampleOptions& options, const Window& window);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_RCUKV_LOAD_H_
