#include "server/store/log_replay.h"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rcukv {
namespace {

namespace fs = std::filesystem;

// The form of a log: blocks, in which each fragment of a batch has a header. What is left
// of a block that has no room for a header is skipped.
constexpr uint64_t kBlockBytes = 32768;
constexpr uint64_t kHeaderBytes = 7;

// Where a batch ends that is found next after `begin`.
uint64_t EndOfBatch(uint64_t begin, uint64_t bytes) {
  uint64_t at = begin;
  while (bytes > 0) {
    const uint64_t left = kBlockBytes - at % kBlockBytes;
    if (left < kHeaderBytes) {
      at += left;
      continue;
    }
    const uint64_t fragment = std::min(bytes, left - kHeaderBytes);
    at += kHeaderBytes + fragment;
    bytes -= fragment;
  }
  return at;
}

// A batch begins with the sequence number of its first change.
uint64_t SequenceOf(const rocksdb::WriteBatch& batch) {
  uint64_t sequence = 0;
  std::memcpy(&sequence, batch.Data().data(), sizeof(sequence));
  return sequence;
}

// "000012.log" is 12; none for another file.
std::optional<uint64_t> LogNumber(const fs::path& path) {
  const std::string stem = path.stem().string();
  uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(stem.data(), stem.data() + stem.size(), number);
  const bool is_number = error == std::errc() && end == stem.data() + stem.size();
  if (path.extension() != ".log" || !is_number) return std::nullopt;
  return number;
}

}  // namespace

LogReplay::LogReplay(std::string database, Durability durability)
    : durability_(durability) {
  std::error_code error;  // What cannot be read is told by RocksDB.
  for (const fs::directory_entry& file : fs::directory_iterator(database, error)) {
    const std::optional<uint64_t> number = LogNumber(file.path());
    if (!number.has_value()) continue;
    logs_[*number] = {.path = file.path().string(), .bytes = file.file_size(error)};
  }
}

void LogReplay::ColumnFamilyLogNumberMap(
    const std::map<uint32_t, uint64_t>& first_log_by_family,
    const std::map<std::string, uint32_t>&) {
  // Those before are in the database's other files already, and are only to be removed.
  // There is one family.
  for (const auto& [family, first_log] : first_log_by_family) {
    logs_.erase(logs_.begin(), logs_.lower_bound(first_log));
  }
}

rocksdb::WalFilter::WalProcessingOption LogReplay::LogRecordFound(
    unsigned long long log, const std::string&, const rocksdb::WriteBatch& batch,
    rocksdb::WriteBatch*, bool*) {
  const auto found = logs_.find(log);
  if (found == logs_.end()) return WalProcessingOption::kContinueProcessing;
  const uint64_t sequence = SequenceOf(batch);
  if (!Follows(log, sequence)) {
    return durability_ == Durability::kSync ? WalProcessingOption::kCorruptedRecord
                                            : WalProcessingOption::kStopReplay;
  }
  next_sequence_ = sequence + batch.Count();
  uint64_t& read = found->second.bytes_read;
  read = EndOfBatch(read, batch.Data().size());
  return WalProcessingOption::kContinueProcessing;
}

bool LogReplay::Follows(uint64_t log, uint64_t sequence) const {
  // No log is begun before there is something in the one before.
  if (!next_sequence_.has_value()) return log == logs_.begin()->first;
  return sequence == *next_sequence_;
}

std::vector<std::string> LogReplay::Dropped() const {
  std::vector<std::string> lines;
  for (const auto& [number, log] : logs_) {
    if (log.bytes_read >= log.bytes) continue;
    lines.push_back(absl::StrCat(
        "the write-ahead log ", log.path, " was read up to byte ", log.bytes_read, " of ",
        log.bytes,
        "; the rest is cut short or damaged, or writes before it are missing: dropped"));
  }
  return lines;
}

}  // namespace rcukv
