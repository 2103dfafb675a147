// Those who write in a soak: they fill the server, and then replace, delete and put again
// random entries as fast as it answers.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_WRITER_H_
#define RCUKV_LOADTEST_SOAK_SOAK_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "clients/cpp/bulk_writer.h"
#include "clients/cpp/client.h"
#include "loadtest/base/random.h"
#include "loadtest/soak/soak_data.h"
#include "loadtest/soak/soak_tally.h"
#include "loadtest/soak/write_ledger.h"

namespace rcukv::loadtest {

// Puts write 0 of every key into a server that is empty. Calls progress(keys so far) now
// and then. CANCELLED when the program is interrupted meanwhile.
absl::Status FillForSoak(const Client& client, const SoakData& data,
                         absl::FunctionRef<void(size_t)> progress);

// Writes to the keys whose index leaves `remainder` when it is divided by `writers`, so
// that each key has one writer. What it is given outlives it.
//
// Thread safety: one thread.
class SoakWriter {
 public:
  // remainder < writers <= data.keys(). `seed` is of the choice of keys.
  SoakWriter(const Client& client, const SoakData& data, WriteLedger& ledger,
             SoakTally& tally, size_t remainder, size_t writers, uint64_t seed);

  // Writes until the tally stops. A write that fails is the tally's failure; a delete
  // that found what it should not, or did not find what it should, is a wrong answer.
  void Run();

 private:
  // One write of each of some keys; returns when all are answered.
  absl::Status WriteRound();
  void DrawKeys();
  absl::Status Delete(size_t index, uint64_t write);

  const Client& client_;
  const SoakData& data_;
  WriteLedger& ledger_;
  SoakTally& tally_;
  const size_t remainder_;
  const size_t writers_;
  Random random_;
  BulkWriter bulk_;
  // Of the round, none of them twice.
  std::vector<size_t> indexes_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_WRITER_H_
