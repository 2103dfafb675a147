// What a dump consists of, whatever its form: a header, blocks of entries, and an end.
//
// There are two forms. The binary one is described in proto/rcukv/v1/dump.proto. The
// other one is JSON lines, a piece a line, and each entry of a block a line behind the
// block's:
//
//   {"rcukv_dump":1,"revision":7,"tables":["default"],"checksum":"..."}
//   {"block":{"table":"default","entries":2},"checksum":"..."}
//   {"key":"a","value":"1","mod_revision":3,"create_revision":3}
//   {"key_base64":"/w==","value":"2","mod_revision":7,"create_revision":5}
//   {"end":{"entries":2,"revision":7,"file_checksum":"..."},"checksum":"..."}
//
// Keys and values that are not UTF-8 are in base64, and their names say so. A checksum is
// XXH3 as 16 hexadecimal digits: "checksum" that of its own line up to the comma before
// it, followed by the lines of the block's entries; "file_checksum" as in dump.proto.

#ifndef RCUKV_CLIENTS_CLI_DUMP_DUMP_PIECE_H_
#define RCUKV_CLIENTS_CLI_DUMP_DUMP_PIECE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "clients/cpp/entry.h"

namespace rcukv::cli {

// The fields are those of dump.proto.
struct DumpHeader {
  static constexpr uint32_t kVersion = 1;

  uint32_t version = kVersion;
  uint64_t revision = 0;
  std::vector<std::string> tables = {};
};

struct DumpBlock {
  std::string table = {};
  std::vector<Entry> entries = {};
};

struct DumpEnd {
  uint64_t entries = 0;
  uint64_t revision = 0;
  uint64_t file_checksum = 0;
};

using DumpPiece = std::variant<DumpHeader, DumpBlock, DumpEnd>;

// A piece in one of the forms, as it stands in the file.
using DumpEncoder = std::string (*)(const DumpPiece& piece);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_DUMP_DUMP_PIECE_H_
