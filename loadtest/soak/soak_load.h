// The full load of a soak on one server: readers and writers in closed loops.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_LOAD_H_
#define RCUKV_LOADTEST_SOAK_SOAK_LOAD_H_

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cpp/client.h"
#include "loadtest/soak/soak_data.h"
#include "loadtest/soak/soak_options.h"
#include "loadtest/soak/soak_readers.h"
#include "loadtest/soak/soak_tally.h"
#include "loadtest/soak/write_ledger.h"

namespace rcukv::loadtest {

class SoakLoad {
 public:
  // Begins on a server that holds write 0 of every key. `data` outlives the load.
  static absl::StatusOr<std::unique_ptr<SoakLoad>> Start(const std::string& address,
                                                         const SoakOptions& options,
                                                         const SoakData& data);

  // Stops.
  ~SoakLoad() { Stop(); }

  // What was done so far, what was wrong, and whether a call failed.
  const SoakTally& tally() const { return tally_; }

  // Waits for the calls under way; may be called again.
  void Stop();

 private:
  // A connection for each kind of caller, so that none waits behind another's calls.
  struct Clients {
    std::unique_ptr<Client> gets;
    std::unique_ptr<Client> batches;
    std::unique_ptr<Client> writes;
  };

  SoakLoad(Clients clients, const SoakOptions& options, const SoakData& data);

  void StartBatches(const SoakOptions& options, const SoakData& data);
  void StartWriters(const SoakOptions& options, const SoakData& data);

  const Clients clients_;
  WriteLedger ledger_;
  SoakTally tally_;
  std::optional<GetChains> chains_;
  std::vector<std::thread> threads_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_LOAD_H_
