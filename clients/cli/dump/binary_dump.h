// The binary form of dumps: proto/rcukv/v1/dump.proto.

#ifndef RCUKV_CLIENTS_CLI_DUMP_BINARY_DUMP_H_
#define RCUKV_CLIENTS_CLI_DUMP_BINARY_DUMP_H_

#include <memory>
#include <string>
#include <string_view>

#include "clients/cli/dump/dump_decoder.h"
#include "clients/cli/dump/dump_piece.h"
#include "clients/cli/input/line_reader.h"

namespace rcukv::cli {

// What such a file begins with. No text does.
inline constexpr std::string_view kBinaryDumpMagic = "\x89rkv\r\n\x1a\n";

// A DumpEncoder. A header has the file's first bytes before it.
std::string EncodeBinaryDump(const DumpPiece& piece);

std::unique_ptr<DumpDecoder> NewBinaryDumpDecoder(ByteSource source);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_DUMP_BINARY_DUMP_H_
