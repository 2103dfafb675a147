#include "clients/cli/input/record_reader.h"

namespace rcukv::cli {

std::unique_ptr<RecordReader> NewRecordReader(std::string_view format,
                                              LineReader& lines) {
  if (format == "tsv") return NewTsvReader(lines);
  if (format == "jsonl") return NewJsonLinesReader(lines);
  if (format == "deb") return NewDebReader(lines);
  return nullptr;
}

}  // namespace rcukv::cli
