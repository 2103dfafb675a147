// Watches RocksDB replay its write-ahead logs when a database is opened: what it does not
// read it drops, without a word.
#ifndef RCUKV_SERVER_STORE_LOG_REPLAY_H_
#define RCUKV_SERVER_STORE_LOG_REPLAY_H_

#include <rocksdb/wal_filter.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/store/durable_log.h"

namespace rcukv {

// Given to rocksdb::Options, for one DB::Open; the database must not outlive it.
//
// It also sees what RocksDB does not: batches that are missing between two logs. RocksDB
// does not sync a log when it begins the next, so that a loss of power may take the end
// of one, up to a batch's beginning, and leave the next. Then kAsync stops the replay
// before what follows, and kSync, where it is damage, fails it.
//
// Thread safety: one thread at a time.
class LogReplay final : public rocksdb::WalFilter {
 public:
  // `database` is its directory, as it is before it is opened.
  LogReplay(std::string database, Durability durability);

  // After DB::Open: what was not read, a line for each log.
  std::vector<std::string> Dropped() const;

  // WalFilter's.
  const char* Name() const override { return "rcukv.LogReplay"; }
  void ColumnFamilyLogNumberMap(const std::map<uint32_t, uint64_t>& first_log_by_family,
                                const std::map<std::string, uint32_t>&) override;
  WalProcessingOption LogRecordFound(unsigned long long log, const std::string&,
                                     const rocksdb::WriteBatch& batch,
                                     rocksdb::WriteBatch*, bool*) override;

 private:
  struct Log {
    std::string path;
    uint64_t bytes = 0;
    // From the beginning on.
    uint64_t bytes_read = 0;
  };

  // Whether it is the batch after those that were read.
  bool Follows(uint64_t log, uint64_t sequence) const;

  const Durability durability_;
  // By number: a later one has later batches.
  std::map<uint64_t, Log> logs_;
  // Of the batch that is to come; none before the first.
  std::optional<uint64_t> next_sequence_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_LOG_REPLAY_H_
