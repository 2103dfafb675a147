#include "clients/cli/dump/dump_writer.h"

#include <utility>

namespace rcukv::cli {

DumpWriter::DumpWriter(DumpEncoder encode, ByteSink sink)
    : encode_(encode), sink_(std::move(sink)) {}

absl::Status DumpWriter::Start(const DumpHeader& header) { return Write(header); }

absl::Status DumpWriter::Add(const std::string& table, const Entry& entry) {
  if (table != block_.table) {
    if (absl::Status status = WriteBlock(); !status.ok()) return status;
    block_.table = table;
  }
  block_.entries.push_back(entry);
  block_bytes_ += entry.key.size() + entry.value.size();
  ++entries_;
  const bool is_full =
      block_.entries.size() >= kBlockEntries || block_bytes_ >= kBlockBytes;
  return is_full ? WriteBlock() : absl::OkStatus();
}

absl::Status DumpWriter::Finish(uint64_t revision) {
  if (absl::Status status = WriteBlock(); !status.ok()) return status;
  return Write(DumpEnd{
      .entries = entries_, .revision = revision, .file_checksum = checksum_.value()});
}

absl::Status DumpWriter::WriteBlock() {
  if (block_.entries.empty()) return absl::OkStatus();
  DumpBlock block = {.table = block_.table, .entries = std::exchange(block_.entries, {})};
  block_bytes_ = 0;
  return Write(std::move(block));
}

absl::Status DumpWriter::Write(const DumpPiece& piece) {
  const std::string bytes = encode_(piece);
  checksum_.Add(bytes);
  bytes_ += bytes.size();
  return sink_(bytes);
}

}  // namespace rcukv::cli
