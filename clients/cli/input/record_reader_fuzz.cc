// Reads any bytes as each of the formats. What comes out must be well formed, and must
// not depend on how the input was cut into reads.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cli/input/record_reader.h"
#include "clients/cli/input/string_source.h"

namespace {

constexpr size_t kMaxLineBytes = 200;

std::string Transcript(const char* format, const std::string& text, size_t chunk_bytes) {
  using rcukv::cli::LineReader;
  LineReader lines("file", rcukv::cli::StringSource(text, chunk_bytes), kMaxLineBytes);
  const auto reader = rcukv::cli::NewRecordReader(format, lines);
  std::string transcript;
  while (true) {
    const auto record = reader->Next();
    if (!record.ok()) {
      if (!absl::IsInvalidArgument(record.status())) std::abort();
      absl::StrAppend(&transcript, record.status().message(), "\n");
      continue;
    }
    if (!record->has_value()) return transcript;
    const rcukv::cli::Record& read = **record;
    if (read.key.empty() || read.key.size() > kMaxLineBytes) std::abort();
    if (read.value.size() > kMaxLineBytes) std::abort();
    if (read.line < 1 || read.line > lines.line_number()) std::abort();
    absl::StrAppend(&transcript, read.line, " ", read.key, " ", read.value, "\n");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* const format : {"tsv", "jsonl", "deb"}) {
    if (Transcript(format, text, 1) != Transcript(format, text, text.size() + 1))
      std::abort();
  }
  return 0;
}
