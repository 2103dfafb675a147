// What can be set for a client, a call, a scan.
//
// A table is named in each call; an empty name is the table "default". A timeout is the
// time one call may take in all, queueing and network included. A call that has none of
// its own takes the client's.

#ifndef RCUKV_CLIENTS_CPP_OPTIONS_H_
#define RCUKV_CLIENTS_CPP_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace rcukv {

// Of a whole client.
struct ClientOptions {
  // How long Connect() waits for the server.
  absl::Duration connect_timeout = absl::Seconds(5);
  // For calls that do not say otherwise. absl::InfiniteDuration(): they wait for ever.
  absl::Duration call_timeout = absl::Seconds(5);
  // Whether Gets that are under way at the same time share calls: Client::Get.
  bool gather_gets = true;
  // Whether Puts and Deletes that are under way at the same time do: Client::Put. It
  // holds for the client's BulkWriters as well.
  bool gather_writes = true;
};

// Of all that read: Get, BatchGet, their Async and GetEntry.
struct ReadOptions {
  std::string table = {};
  std::optional<absl::Duration> timeout = {};
};

// Of Put, Delete and their Async.
struct WriteOptions {
  std::string table = {};
  std::optional<absl::Duration> timeout = {};
  // The write happens only if this is the key's mod_revision; 0: only if the key does not
  // exist. Otherwise the call fails with FAILED_PRECONDITION.
  std::optional<uint64_t> expected_mod_revision = {};
};

// Of Commit.
struct TxnOptions {
  std::string table = {};
  std::optional<absl::Duration> timeout = {};
};

// Of Scan.
struct ScanOptions {
  std::string table = {};
  // Only keys that begin with these bytes.
  std::string prefix = {};
  // Leave the values out.
  bool keys_only = false;
  // Entries asked for in one call, at most 10,000. 0: the server's default, 1000.
  uint32_t page_size = 0;
  // Of each call, not of the whole scan.
  std::optional<absl::Duration> timeout = {};
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_OPTIONS_H_
