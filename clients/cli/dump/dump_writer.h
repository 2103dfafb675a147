// Writes a dump.
//
//   DumpWriter writer(EncodeBinaryDump, [&](std::string_view bytes) { ... });
//   writer.Start({.revision = 7, .tables = {"default"}});
//   writer.Add("default", entry);
//   writer.Finish(9);
//
// Thread safety: one thread at a time.

#ifndef RCUKV_CLIENTS_CLI_DUMP_DUMP_WRITER_H_
#define RCUKV_CLIENTS_CLI_DUMP_DUMP_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "clients/cli/dump/checksum.h"
#include "clients/cli/dump/dump_piece.h"

namespace rcukv::cli {

// Takes the next bytes of a file.
using ByteSink = std::function<absl::Status(std::string_view bytes)>;

// Every error is the sink's, and final.
class DumpWriter {
 public:
  // A block ends with the entry that reaches one of these, or that is the table's last.
  static constexpr size_t kBlockEntries = 1000;
  static constexpr size_t kBlockBytes = 256 << 10;

  DumpWriter(DumpEncoder encode, ByteSink sink);

  absl::Status Start(const DumpHeader& header);
  // The entries of a table follow one another, the tables in the order of the header.
  absl::Status Add(const std::string& table, const Entry& entry);
  // `revision` as in DumpEnd.
  absl::Status Finish(uint64_t revision);

  uint64_t entries() const { return entries_; }
  uint64_t bytes() const { return bytes_; }

 private:
  absl::Status WriteBlock();
  absl::Status Write(const DumpPiece& piece);

  const DumpEncoder encode_;
  const ByteSink sink_;
  // Of all that was written.
  Checksum checksum_;
  uint64_t bytes_ = 0;
  uint64_t entries_ = 0;
  // Not written yet.
  DumpBlock block_;
  size_t block_bytes_ = 0;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_DUMP_DUMP_WRITER_H_
