// Takes one sample of `bench write` that is of recovery: recovery_sampler WORK
// --data_dir=D
// --entries=N [--flag=value ...].
//
//   fill     makes the data directory, by the log that the server has
//   recover  starts the server on it, until it listens
//   scan     reads all of its database by RocksDB alone
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "bench/counter.h"
#include "bench/figures.h"
#include "bench/sampler_process.h"
#include "bench/serve/data.h"
#include "clients/cpp/admin_client.h"
#include "loadtest/flag_set.h"
#include "loadtest/server_process.h"
#include "rcu/entry.h"
#include "server/store/batch.h"
#include "server/store/log_format.h"
#include "server/store/rocksdb_log.h"
#include "server/table/protection.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv::bench {
namespace {

using Clock = std::chrono::steady_clock;

// At most, of any of them.
constexpr double kSeconds = 1800;

struct Options {
  std::string data_dir;
  int64_t entries = 0;
  std::string server;
  bool parallel = false;
};

Figures FiguresOf(const Options& options, Clock::time_point start) {
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return {{"seconds", seconds},
          {"entries_per_second", static_cast<double>(options.entries) / seconds}};
}

absl::Status CheckCount(uint64_t found, const Options& options) {
  if (found == static_cast<uint64_t>(options.entries)) return absl::OkStatus();
  return absl::InternalError(
      absl::StrFormat("%d entries were found, not %d", found, options.entries));
}

// ---- fill

// Entries begin to end, as of one batch of the committer's.
absl::Status AppendRange(RocksDbLog& log, Table* table, uint32_t begin, uint32_t end) {
  std::vector<Key> keys;
  for (uint32_t i = begin; i < end; ++i) keys.push_back(KeyOf(i));
  std::vector<Change> changes;
  for (uint32_t i = begin; i < end; ++i) {
    const std::string_view key = keys[i - begin].bytes();
    const uint64_t revision = uint64_t{i} + 1;
    changes.push_back({.table = table,
                       .key = key,
                       .revision = revision,
                       .entry = rcu::Entry::New(
                           key, ValueOf(i).bytes(),
                           {.mod_revision = revision, .create_revision = revision})});
  }
  return log.Append(changes);
}

absl::Status Append(const Options& options) {
  constexpr uint32_t kBatch = 1000;
  auto log =
      RocksDbLog::Open({.directory = options.data_dir, .durability = Durability::kAsync});
  if (!log.ok()) return log.status();
  const auto protection = Protection::Create(Flavor::kMb);
  if (!protection.ok()) return protection.status();
  TableDirectory tables(**protection);
  const std::shared_ptr<Table> table = tables.FindShared(TableDirectory::kDefaultTable);
  const auto entries = static_cast<uint32_t>(options.entries);
  for (uint32_t begin = 0; begin < entries; begin += kBatch) {
    absl::Status status =
        AppendRange(**log, table.get(), begin, std::min(begin + kBatch, entries));
    if (!status.ok()) return status;
  }
  return (*log)->Sync();
}

rocksdb::Options DatabaseOptions() {
  rocksdb::BlockBasedTableOptions tables;
  tables.no_block_cache = true;
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(tables));
  return options;
}

std::string DatabaseIn(const std::string& data_dir) { return data_dir + "/rocksdb"; }

absl::Status FromRocksDb(const rocksdb::Status& status) {
  return status.ok() ? absl::OkStatus() : absl::InternalError(status.ToString());
}

// Until RocksDB has nothing left to do with what was written, so that every sample has
// the machine for itself.
absl::Status Settle(const Options& options) {
  constexpr double kPollSeconds = 0.05;
  rocksdb::DB* opened = nullptr;
  absl::Status status = FromRocksDb(
      rocksdb::DB::Open(DatabaseOptions(), DatabaseIn(options.data_dir), &opened));
  if (!status.ok()) return status;
  const std::unique_ptr<rocksdb::DB> db(opened);
  const auto is_busy = [&db] {
    for (const std::string& property : {rocksdb::DB::Properties::kCompactionPending,
                                        rocksdb::DB::Properties::kNumRunningCompactions,
                                        rocksdb::DB::Properties::kNumRunningFlushes}) {
      uint64_t value = 0;
      if (db->GetIntProperty(property, &value) && value > 0) return true;
    }
    return false;
  };
  while (is_busy()) SleepFor(kPollSeconds);
  return absl::OkStatus();
}

absl::StatusOr<Figures> FillDirectory(const Options& options) {
  const Clock::time_point start = Clock::now();
  if (absl::Status status = Append(options); !status.ok()) return status;
  if (absl::Status status = Settle(options); !status.ok()) return status;
  return FiguresOf(options, start);
}

// ---- recover

absl::StatusOr<Figures> Recover(const Options& options) {
  const Clock::time_point start = Clock::now();
  const auto server = loadtest::ServerProcess::Start(
      options.server, {"--store=rocksdb", "--data_dir=" + options.data_dir},
      absl::Seconds(kSeconds));
  if (!server.ok()) return server.status();
  const Figures figures = FiguresOf(options, start);
  const auto admin = AdminClient::Connect((*server)->addresses().admin);
  if (!admin.ok()) return admin.status();
  const auto status = (*admin)->GetStatus();
  if (!status.ok()) return status.status();
  if (absl::Status right = CheckCount(status->tables(0).entries(), options);
      !right.ok()) {
    return right;
  }
  return figures;
}

// ---- scan

// What a scan has read.
struct Seen {
  uint64_t entries = 0;
  // Of all bytes, so that all are read.
  uint64_t sum = 0;
};

uint64_t SumOf(const rocksdb::Slice& bytes) {
  uint64_t sum = 0;
  for (size_t at = 0; at < bytes.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    memcpy(&word, bytes.data() + at, std::min(sizeof(word), bytes.size() - at));
    sum += word;
  }
  return sum;
}

// Entries from `begin` on, below `end`.
absl::Status ScanRange(rocksdb::DB& db, const std::string& begin, const std::string& end,
                       Seen& seen) {
  const rocksdb::Slice bound(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  options.readahead_size = 2 << 20;
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options));
  for (it->Seek(begin); it->Valid(); it->Next()) {
    ++seen.entries;
    seen.sum += SumOf(it->key()) + SumOf(it->value());
  }
  return FromRocksDb(it->status());
}

// Between them all entries. Keys are hexadecimal digits, all as frequent.
std::vector<std::string> BoundsOf(size_t parts) {
  constexpr size_t kDigits = 16;
  const std::string table(TableDirectory::kDefaultTable);
  std::vector<std::string> bounds = {log_format::EntriesBegin(table)};
  for (size_t part = 1; part < parts; ++part) {
    const char digit = "0123456789abcdef"[part * kDigits / parts];
    bounds.push_back(log_format::EntryKey(table, std::string(1, digit)));
  }
  bounds.push_back(log_format::EntriesEnd(table));
  return bounds;
}

absl::StatusOr<Figures> Scan(const Options& options) {
  constexpr size_t kMostThreads = 16;
  const Clock::time_point start = Clock::now();
  rocksdb::DB* opened = nullptr;
  if (absl::Status status = FromRocksDb(rocksdb::DB::OpenForReadOnly(
          DatabaseOptions(), DatabaseIn(options.data_dir), &opened));
      !status.ok()) {
    return status;
  }
  const std::unique_ptr<rocksdb::DB> db(opened);
  const size_t cores = std::max<size_t>(1, std::thread::hardware_concurrency());
  const size_t parts = options.parallel ? std::min(cores, kMostThreads) : 1;
  const std::vector<std::string> bounds = BoundsOf(parts);
  std::vector<Seen> seen(parts);
  std::vector<absl::Status> statuses(parts);
  std::vector<std::thread> threads;
  for (size_t part = 0; part < parts; ++part) {
    threads.emplace_back([&, part] {
      Seen mine;
      statuses[part] = ScanRange(*db, bounds[part], bounds[part + 1], mine);
      seen[part] = mine;
    });
  }
  for (std::thread& thread : threads) thread.join();
  Figures figures = FiguresOf(options, start);
  Seen all;
  for (size_t part = 0; part < parts; ++part) {
    if (!statuses[part].ok()) return statuses[part];
    all.entries += seen[part].entries;
    all.sum += seen[part].sum;
  }
  if (absl::Status status = CheckCount(all.entries, options); !status.ok()) return status;
  // Written, so that it is computed.
  figures["sum_of_bytes"] = static_cast<double>(all.sum);
  return figures;
}

absl::StatusOr<Figures> TakeSample(const std::string& work, const Options& options) {
  if (options.data_dir.empty())
    return absl::InvalidArgumentError("--data_dir is missing");
  if (work == "fill") return FillDirectory(options);
  if (work == "scan") return Scan(options);
  if (options.server.empty()) return absl::InvalidArgumentError("--server is missing");
  return Recover(options);
}

int Main(int argc, char** argv) {
  Options options;
  loadtest::FlagSet flags;
  flags.Add("data_dir", "the data directory", &options.data_dir);
  flags.Add("entries", "that it has, or gets", &options.entries, 1, 1'000'000'000);
  flags.Add("server", "rcukv's program", &options.server);
  flags.Add("parallel", "whether a scan has a thread a core", &options.parallel);
  const absl::StatusOr<std::string> work =
      ParseSamplerArguments(argc, argv, {"fill", "recover", "scan"}, flags);
  if (!work.ok()) return SamplerFailed(work.status());
  EndWithParent(kSeconds);
  const absl::StatusOr<Figures> figures = TakeSample(*work, options);
  return figures.ok() ? SamplerDone(*figures) : SamplerFailed(figures.status());
}

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) { return rcukv::bench::Main(argc, argv); }
