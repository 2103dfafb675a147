#include "loadtest/soak/soak_writer.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "loadtest/base/fill.h"

namespace rcukv::loadtest {
namespace {

// So many that a writer seldom waits for the last of a round.
constexpr size_t kWritesPerRound = 512;

}  // namespace

absl::Status FillForSoak(const Client& client, const SoakData& data,
                         absl::FunctionRef<void(size_t)> progress) {
  BulkWriter writer(client);
  const auto put = [&](size_t index) {
    return data.IsDelete(index, 0) || writer.Put(data.Key(index), data.Value(index, 0));
  };
  return Fill(writer, 0, data.keys(), put, progress);
}

SoakWriter::SoakWriter(const Client& client, const SoakData& data, WriteLedger& ledger,
                       SoakTally& tally, size_t remainder, size_t writers, uint64_t seed)
    : client_(client),
      data_(data),
      ledger_(ledger),
      tally_(tally),
      remainder_(remainder),
      writers_(writers),
      random_(seed),
      bulk_(client) {}

void SoakWriter::Run() {
  while (!tally_.stopping()) {
    const absl::Status status = WriteRound();
    if (!status.ok()) return tally_.Fail(status);
    tally_.AddWrites(indexes_.size());
  }
}

void SoakWriter::DrawKeys() {
  const size_t keys = (data_.keys() - remainder_ + writers_ - 1) / writers_;
  indexes_.clear();
  for (size_t i = 0; i < kWritesPerRound; ++i) {
    indexes_.push_back(random_.Below(keys) * writers_ + remainder_);
  }
  // A key has one write under way.
  std::sort(indexes_.begin(), indexes_.end());
  indexes_.erase(std::unique(indexes_.begin(), indexes_.end()), indexes_.end());
}

absl::Status SoakWriter::WriteRound() {
  DrawKeys();
  absl::Status status;
  for (const size_t index : indexes_) {
    const uint64_t write = ledger_.Begin(index);
    if (data_.IsDelete(index, write)) {
      // Puts of other keys are under way meanwhile.
      status.Update(Delete(index, write));
    } else {
      bulk_.Put(data_.Key(index), data_.Value(index, write));
    }
  }
  bulk_.Flush();
  status.Update(FirstFailure(bulk_));
  if (!status.ok()) return status;
  for (const size_t index : indexes_) ledger_.Settle(index);
  return absl::OkStatus();
}

absl::Status SoakWriter::Delete(size_t index, uint64_t write) {
  const absl::StatusOr<Deleted> deleted = client_.Delete(data_.Key(index));
  if (!deleted.ok()) return deleted.status();
  const bool should_exist = !data_.IsDelete(index, write - 1);
  if (deleted->existed != should_exist) {
    tally_.Check(absl::DataLossError(
        absl::StrFormat("key %s: write %d, a delete, found %s", data_.Key(index), write,
                        should_exist ? "nothing" : "an entry that had been deleted")));
  }
  return absl::OkStatus();
}

}  // namespace rcukv::loadtest
