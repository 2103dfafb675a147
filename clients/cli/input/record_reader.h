// Reads keys and values from a file of one of the formats that `rcukv load` knows.
//
//   LineReader lines("fruit.tsv", source);
//   auto reader = NewTsvReader(lines);
//   while (true) {
//     auto record = reader->Next();
//     ...
//   }
//
// Errors: INVALID_ARGUMENT, a broken record; the message names the file, the line and
// what is wrong, and the next call goes on with the record behind it. Any other error is
// final.

#ifndef RCUKV_CLIENTS_CLI_INPUT_RECORD_READER_H_
#define RCUKV_CLIENTS_CLI_INPUT_RECORD_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "clients/cli/input/line_reader.h"

namespace rcukv::cli {

struct Record {
  std::string key;  // Never empty.
  std::string value;
  int64_t line = 0;  // On which it begins.
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;

  // The next record; nothing at the end of the input.
  virtual absl::StatusOr<std::optional<Record>> Next() = 0;
};

// Each of these reads from `lines`, which must outlive the reader.

// A line is KEY TAB VALUE; no escapes; the value may contain further TABs. A "\r" before
// the line end belongs to the line end. Empty lines are skipped.
std::unique_ptr<RecordReader> NewTsvReader(LineReader& lines);

// A line is a JSON object with "key" and "value", or "key_base64" and "value_base64" for
// bytes that are not UTF-8. Other members are skipped, and so are blank lines.
std::unique_ptr<RecordReader> NewJsonLinesReader(LineReader& lines);

// A Debian package index: stanzas separated by empty lines. The key is the Package field,
// the value is the stanza as it stands, to the line end of its last line.
std::unique_ptr<RecordReader> NewDebReader(LineReader& lines);

// The reader of "tsv", "jsonl" or "deb"; nullptr for anything else.
std::unique_ptr<RecordReader> NewRecordReader(std::string_view format, LineReader& lines);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_INPUT_RECORD_READER_H_
