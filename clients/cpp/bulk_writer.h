// Writes many entries fast: Put() returns at once, and a bounded number of writes is
// under way, which share calls to the server.
//
//   rcukv::BulkWriter writer(*client, {.table = "packages"});
//   for (const auto& [key, value] : entries) {
//     if (!writer.Put(key, value)) break;
//   }
//   writer.Flush();
//   for (const rcukv::BulkWriter::Failure& failure : writer.TakeFailures()) {
//     std::cerr << failure.key << ": " << failure.status << "\n";
//   }
//
// A. Writes of one key take effect in the order of the calls; writes of different keys
//    may take effect in any order.
// B. Every write ends as written() or as one Failure. Nothing is retried: a full server's
//    RESOURCE_EXHAUSTED comes back with the key it refused.
// C. Memory is bounded by the window, as long as failures are taken.
//
// Thread safety: a writer belongs to one thread at a time; several writers may share a
// client.

#ifndef RCUKV_CLIENTS_CPP_BULK_WRITER_H_
#define RCUKV_CLIENTS_CPP_BULK_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/cpp/client.h"

namespace rcukv {

struct BulkWriterOptions {
  std::string table = {};
  // Of each write. Absent: the client's.
  std::optional<absl::Duration> timeout = {};
  // The window: Put() waits while so many writes, or so many bytes of keys and values,
  // are under way.
  size_t max_writes_in_flight = 1024;
  size_t max_bytes_in_flight = 16 << 20;
};

class BulkWriter {
 public:
  struct Failure {
    std::string key;
    // As given to Put().
    uint64_t id = 0;
    absl::Status status;
  };

  explicit BulkWriter(const Client& client, BulkWriterOptions options = {});

  // Waits for the writes under way.
  ~BulkWriter();

  BulkWriter(const BulkWriter&) = delete;
  BulkWriter& operator=(const BulkWriter&) = delete;

  // Starts to write an entry, after waiting for room in the window. `id` comes back in a
  // Failure, for the caller to know it by, such as a line number. Returns false when
  // there are failures to take, of earlier writes; this one was started all the same.
  bool Put(std::string_view key, std::string_view value, uint64_t id = 0);

  // Waits until no write is under way.
  void Flush();

  // What failed since the last call, in the order in which the answers came.
  std::vector<Failure> TakeFailures();

  // Writes the server has confirmed, and their keys' and values' bytes.
  uint64_t written() const { return written_; }
  uint64_t written_bytes() const { return written_bytes_; }

 private:
  struct Write;
  struct Pipeline;

  bool HasRoomFor(size_t bytes) const;
  // Waits until some write has ended.
  void Await();

  const BulkWriterOptions options_;
  const std::unique_ptr<Pipeline> pipeline_;
  std::vector<Failure> failures_;
  uint64_t written_ = 0;
  uint64_t written_bytes_ = 0;
  size_t bytes_in_flight_ = 0;
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_BULK_WRITER_H_
