// Writes the entries of a dump to a server.
//
// Nothing is written before the tables are there, and empty unless told otherwise. The
// first entry that cannot be written ends it; those under way may have been written.

#ifndef RCUKV_CLIENTS_CLI_RESTORER_H_
#define RCUKV_CLIENTS_CLI_RESTORER_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "clients/cli/dump/dump_piece.h"
#include "clients/cpp/admin_client.h"
#include "clients/cpp/bulk_writer.h"
#include "clients/cpp/client.h"

namespace rcukv::cli {

struct RestoreOptions {
  // Of every entry. Empty: the one that it is from.
  std::string table = {};
  // Write over what tables have.
  bool merge = false;
};

// Whether this program can write what the block has: INVALID_ARGUMENT for an entry that
// expires, as it would never expire.
absl::Status CheckRestorable(const DumpBlock& block);

// Thread safety: one thread at a time.
class Restorer {
 public:
  // The client outlives it.
  Restorer(const Client& client, RestoreOptions options);

  // Makes the tables that are not there; with no admin client there must be none.
  // NOT_FOUND: then there are some; FAILED_PRECONDITION: one has entries;
  // INVALID_ARGUMENT: there are several, for one; others are the server's.
  absl::Status Prepare(const DumpHeader& header, const AdminClient* admin);

  absl::Status Write(const DumpBlock& block);

  // Waits for the writes under way.
  absl::Status Finish();

  // What the server has confirmed, as of the newest Finish().
  uint64_t written() const { return written_; }
  uint64_t written_bytes() const { return written_bytes_; }

 private:
  const std::string& TargetOf(const std::string& table) const {
    return options_.table.empty() ? table : options_.table;
  }
  absl::Status PrepareTable(const std::string& table, const AdminClient* admin);
  // The first of the writer's failures.
  absl::Status TakeFailures();

  const Client& client_;
  const RestoreOptions options_;
  // Of the table that is written to now.
  std::string table_;
  std::unique_ptr<BulkWriter> writer_;
  uint64_t written_ = 0;
  uint64_t written_bytes_ = 0;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_RESTORER_H_
