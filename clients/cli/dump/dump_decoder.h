// Takes a dump of one form apart, a piece after the other.

#ifndef RCUKV_CLIENTS_CLI_DUMP_DUMP_DECODER_H_
#define RCUKV_CLIENTS_CLI_DUMP_DUMP_DECODER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/dump/dump_piece.h"

namespace rcukv::cli {

// Thread safety: one thread at a time.
class DumpDecoder {
 public:
  virtual ~DumpDecoder() = default;

  // The next piece, if its own checksum is right; nothing at the end of the input.
  // Whether the pieces go together is not looked at. DATA_LOSS: something is wrong there,
  // as the message says. Other errors are the source's. Either is final.
  virtual absl::StatusOr<std::optional<DumpPiece>> Next() = 0;

  // Where the piece begins that Next() returned or rejected last: "byte 4096", from 0;
  // "line 12", from 1.
  virtual std::string place() const = 0;

  // Of all bytes before that piece.
  virtual uint64_t checksum_before() const = 0;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_DUMP_DUMP_DECODER_H_
