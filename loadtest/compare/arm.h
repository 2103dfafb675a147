// One arm of the comparison: a strategy, and a server of its own that runs with it.
//
//   auto arm = Arm::Start(strategy, server_binary, dataset);
//   absl::Status loaded = (*arm)->Load();
//   absl::StatusOr<Sample> sample = (*arm)->Measure(options);
//
// Errors name the strategy, say how its server fares, and quote its last words.
// CANCELLED: the program was interrupted.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_COMPARE_ARM_H_
#define RCUKV_LOADTEST_COMPARE_ARM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/admin_client.h"
#include "clients/cpp/client.h"
#include "loadtest/base/strategy.h"
#include "loadtest/compare/compare_options.h"
#include "loadtest/compare/dataset.h"
#include "loadtest/compare/sample.h"
#include "loadtest/compare/write_clock.h"
#include "loadtest/process/server_process.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

class Arm {
 public:
  // Starts a server that is empty. FAILED_PRECONDITION where it runs, but with another
  // strategy: the kernel may refuse what this one needs. `dataset` outlives the arm.
  static absl::StatusOr<std::unique_ptr<Arm>> Start(const Strategy& strategy,
                                                    const std::string& server_binary,
                                                    const Dataset& dataset);

  const Strategy& strategy() const { return strategy_; }

  // Puts the dataset into the server.
  absl::Status Load();

  // One turn: the load over gRPC, then both loads inside the server, each while writes go
  // on. `seed` is of the choice of keys.
  absl::StatusOr<Sample> Measure(const CompareOptions& options, uint64_t seed);

 private:
  Arm(const Strategy& strategy, const Dataset& dataset,
      std::unique_ptr<ServerProcess> server)
      : strategy_(strategy), dataset_(dataset), server_(std::move(server)) {}

  absl::Status Explain(const absl::Status& status);
  absl::Status Connect();
  // Whether the server runs with the strategy it was started with.
  absl::Status CheckStrategy() const;
  absl::Status PutAll();

  absl::StatusOr<Sample> MeasureAll(const CompareOptions& options, uint64_t seed);
  absl::Status MeasureGrpc(const CompareOptions& options, uint64_t seed, Sample& sample);
  absl::StatusOr<LookupSample> MeasureLookups(const CompareOptions& options,
                                              uint64_t seed, uint32_t sections_per_key,
                                              Sample& sample);
  // Runs `load` while writes go on; returns the writes per second.
  absl::StatusOr<double> WhileWriting(const CompareOptions& options, uint64_t seed,
                                      absl::FunctionRef<absl::Status()> load);
  // RunLookups, cut short by an interrupt.
  absl::StatusOr<v1::RunLookupsResponse> RunLookups(const v1::RunLookupsRequest& request);

  const Strategy strategy_;
  const Dataset& dataset_;
  const std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<AdminClient> admin_;
  WriteClock writes_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_ARM_H_
