// Dumps as JSON lines: dump_piece.h.

#ifndef RCUKV_CLIENTS_CLI_DUMP_JSON_DUMP_H_
#define RCUKV_CLIENTS_CLI_DUMP_JSON_DUMP_H_

#include <memory>
#include <string>

#include "clients/cli/dump/dump_decoder.h"
#include "clients/cli/dump/dump_piece.h"
#include "clients/cli/input/line_reader.h"

namespace rcukv::cli {

// A DumpEncoder.
std::string EncodeJsonDump(const DumpPiece& piece);

std::unique_ptr<DumpDecoder> NewJsonDumpDecoder(ByteSource source);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_DUMP_JSON_DUMP_H_
