// A server of one strategy, and the loads that it is measured under.
//
//   auto arm = Arm::Start(strategy, v1::SECTION_PER_BATCH, server_binary, dataset);
//   absl::Status loaded = (*arm)->Load();
//   absl::StatusOr<Sample> sample = (*arm)->MeasureCalls({.calls = {.batch_keys = 10}});
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
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/admin_client.h"
#include "clients/cpp/client.h"
#include "loadtest/base/strategy.h"
#include "loadtest/compare/batch_get_load.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/dataset.h"
#include "loadtest/compare/paced_writer.h"
#include "loadtest/compare/sample.h"
#include "loadtest/compare/write_clock.h"
#include "loadtest/process/server_process.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

// What goes on beside the reads.
struct WritesMeanwhile {
  PacedWriterOptions writer;
  Reclaim reclaim = Reclaim::kCallRcu;
};

struct CallsLoad {
  BatchGetOptions calls;
  absl::Duration duration = absl::Seconds(1);
  WritesMeanwhile writes;
};

struct LookupsLoad {
  v1::RunLookupsRequest lookups;
  WritesMeanwhile writes;
};

class Arm {
 public:
  // Starts a server that is empty. FAILED_PRECONDITION where it runs, but with another
  // strategy or section: the kernel may refuse what this one needs. `dataset` outlives
  // the arm.
  static absl::StatusOr<std::unique_ptr<Arm>> Start(const Strategy& strategy,
                                                    v1::ReadSection section,
                                                    const std::string& server_binary,
                                                    const Dataset& dataset);

  // Puts the dataset into the server.
  absl::Status Load();

  // Lookups inside the server.
  absl::StatusOr<Sample> MeasureLookups(const LookupsLoad& load);

  // BatchGets over gRPC, on connections of their own.
  absl::StatusOr<Sample> MeasureCalls(const CallsLoad& load);

 private:
  // What the server says of itself, and the kernel of its CPU time.
  struct Snapshot;

  Arm(const Strategy& strategy, v1::ReadSection section, const Dataset& dataset,
      std::unique_ptr<ServerProcess> server)
      : strategy_(strategy),
        section_(section),
        dataset_(dataset),
        server_(std::move(server)) {}

  absl::Status Explain(const absl::Status& status);
  absl::Status Connect();
  // Whether the server runs with what it was started with.
  absl::Status CheckStrategy() const;
  absl::StatusOr<Snapshot> TakeSnapshot() const;
  absl::Status SetReclaim(Reclaim reclaim);

  absl::StatusOr<Sample> TryLookups(const LookupsLoad& load);
  absl::StatusOr<Sample> TryCalls(const CallsLoad& load);
  // Runs `load` while writes go on; returns the writes per second.
  absl::StatusOr<double> WhileWriting(const WritesMeanwhile& writes,
                                      absl::FunctionRef<absl::Status()> load);
  // RunLookups, cut short by an interrupt.
  absl::StatusOr<v1::RunLookupsResponse> RunLookups(const v1::RunLookupsRequest& request);

  const Strategy strategy_;
  const v1::ReadSection section_;
  const Dataset& dataset_;
  const std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<AdminClient> admin_;
  // What the server was last told; a server begins with call_rcu.
  Reclaim reclaim_ = Reclaim::kCallRcu;
  WriteClock writes_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_ARM_H_
