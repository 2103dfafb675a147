// Reads a dump of either form, and finds what is wrong with it.
//
//   auto reader = DumpReader::Open("backup.dump", source);
//   if (!reader.ok()) return reader.status();
//   while (true) {
//     auto block = reader->Next();
//     if (!block.ok()) return block.status();
//     if (!block->has_value()) break;  // All of it was right.
//     ...
//   }
//
// Guarantees
//   (a) A block that is returned is one that was written: its checksum is right.
//   (b) The end is returned only for a file that is whole: all that was written is there,
//       in its order, and nothing else.
//
// Errors name the file: DATA_LOSS, it is damaged or cut short, with the place;
// FAILED_PRECONDITION, it is no dump, or one of a newer version. Others are the source's.
//
// Thread safety: one thread at a time.

#ifndef RCUKV_CLIENTS_CLI_DUMP_DUMP_READER_H_
#define RCUKV_CLIENTS_CLI_DUMP_DUMP_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/dump/dump_decoder.h"
#include "clients/cli/dump/dump_piece.h"
#include "clients/cli/input/line_reader.h"

namespace rcukv::cli {

class DumpReader {
 public:
  // Reads the header. `name` is the file's, for errors.
  static absl::StatusOr<DumpReader> Open(std::string name, const ByteSource& source);

  const DumpHeader& header() const { return header_; }

  // The next block; nothing at the end of a whole file.
  absl::StatusOr<std::optional<DumpBlock>> Next();

  // Once Next() has returned nothing.
  const DumpEnd& end() const { return *end_; }

  // Taken from the source.
  uint64_t bytes_read() const { return *bytes_read_; }

 private:
  DumpReader(std::string name, std::unique_ptr<DumpDecoder> decoder,
             std::shared_ptr<const uint64_t> bytes_read);

  absl::Status ReadHeader();
  // Decoder's, with the file's name and the place to its message.
  absl::StatusOr<std::optional<DumpPiece>> NextPiece();
  absl::Status CheckBlock(const DumpBlock& block);
  // Of the file: its end says what was read, and is the end.
  absl::Status CheckEnd();
  absl::Status DamagedHere(const std::string& what) const;

  std::string name_;
  std::unique_ptr<DumpDecoder> decoder_;
  std::shared_ptr<const uint64_t> bytes_read_;
  DumpHeader header_;
  // In the header, of the newest block's table.
  size_t table_ = 0;
  uint64_t entries_ = 0;
  std::optional<DumpEnd> end_;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_DUMP_DUMP_READER_H_
