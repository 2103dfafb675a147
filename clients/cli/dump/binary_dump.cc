#include "clients/cli/dump/binary_dump.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/dump/checksum.h"
#include "proto/rcukv/v1/dump.pb.h"

namespace rcukv::cli {
namespace {

constexpr size_t kLengthBytes = 4;
constexpr size_t kChecksumBytes = 8;

// A block ends with the entry that makes it large; an entry is at most what protobuf and
// the server let through.
constexpr uint64_t kMaxMessageBytes = 128 << 20;

// A length that is damaged must not take memory that the file does not fill.
constexpr size_t kReadBytes = 1 << 20;

std::string LittleEndian(uint64_t number, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(number >> (8 * i));
  return text;
}

uint64_t ParseLittleEndian(std::string_view text) {
  uint64_t number = 0;
  for (size_t i = text.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(text[i]);
  }
  return number;
}

uint64_t ChecksumOf(std::string_view length, std::string_view message) {
  Checksum checksum;
  checksum.Add(length);
  checksum.Add(message);
  return checksum.value();
}

void ToProto(const Entry& entry, v1::Entry* proto) {
  proto->set_key(entry.key);
  proto->set_value(entry.value);
  proto->set_mod_revision(entry.mod_revision);
  proto->set_create_revision(entry.create_revision);
  if (entry.expire_time == absl::InfiniteFuture()) return;
  proto->set_expire_time(static_cast<uint64_t>(absl::ToUnixMicros(entry.expire_time)));
}

Entry FromProto(v1::Entry* proto) {
  Entry entry = {.key = std::move(*proto->mutable_key()),
                 .value = std::move(*proto->mutable_value()),
                 .mod_revision = proto->mod_revision(),
                 .create_revision = proto->create_revision()};
  if (proto->expire_time() != 0) {
    entry.expire_time = absl::FromUnixMicros(static_cast<int64_t>(proto->expire_time()));
  }
  return entry;
}

struct ToMessage {
  v1::DumpPiece operator()(const DumpHeader& header) const {
    v1::DumpPiece piece;
    v1::DumpHeader* proto = piece.mutable_header();
    proto->set_version(header.version);
    proto->set_revision(header.revision);
    for (const std::string& table : header.tables) proto->add_tables(table);
    return piece;
  }
  v1::DumpPiece operator()(const DumpBlock& block) const {
    v1::DumpPiece piece;
    v1::DumpBlock* proto = piece.mutable_block();
    proto->set_table(block.table);
    for (const Entry& entry : block.entries) ToProto(entry, proto->add_entries());
    return piece;
  }
  v1::DumpPiece operator()(const DumpEnd& end) const {
    v1::DumpPiece piece;
    v1::DumpEnd* proto = piece.mutable_end();
    proto->set_entries(end.entries);
    proto->set_revision(end.revision);
    proto->set_file_checksum(end.file_checksum);
    return piece;
  }
};

DumpHeader FromProto(const v1::DumpHeader& proto) {
  return {.version = proto.version(),
          .revision = proto.revision(),
          .tables = {proto.tables().begin(), proto.tables().end()}};
}

DumpBlock FromProto(v1::DumpBlock* proto) {
  DumpBlock block = {.table = proto->table()};
  block.entries.reserve(static_cast<size_t>(proto->entries_size()));
  for (v1::Entry& entry : *proto->mutable_entries()) {
    block.entries.push_back(FromProto(&entry));
  }
  return block;
}

DumpEnd FromProto(const v1::DumpEnd& proto) {
  return {.entries = proto.entries(),
          .revision = proto.revision(),
          .file_checksum = proto.file_checksum()};
}

absl::StatusOr<DumpPiece> FromMessage(const std::string& message) {
  v1::DumpPiece piece;
  if (piece.ParseFromString(message)) {
    switch (piece.piece_case()) {
      case v1::DumpPiece::kHeader:
        return FromProto(piece.header());
      case v1::DumpPiece::kBlock:
        return FromProto(piece.mutable_block());
      case v1::DumpPiece::kEnd:
        return FromProto(piece.end());
      case v1::DumpPiece::PIECE_NOT_SET:
        break;
    }
  }
  return absl::DataLossError("what is there is no piece of a dump");
}

class BinaryDumpDecoder : public DumpDecoder {
 public:
  explicit BinaryDumpDecoder(ByteSource source) : source_(std::move(source)) {}

  absl::StatusOr<std::optional<DumpPiece>> Next() override {
    Begin();
    if (begin_ == 0) {
      if (absl::Status status = ReadMagic(); !status.ok()) return status;
      Begin();
    }
    const absl::StatusOr<std::string> head = ReadUpTo(kLengthBytes + kChecksumBytes);
    if (!head.ok()) return head.status();
    if (head->empty()) return std::nullopt;
    absl::StatusOr<DumpPiece> piece = ReadPiece(*head);
    if (!piece.ok()) return piece.status();
    return *std::move(piece);
  }

  std::string place() const override { return absl::StrCat("byte ", begin_); }
  uint64_t checksum_before() const override { return checksum_before_; }

 private:
  void Begin() {
    begin_ = read_;
    checksum_before_ = checksum_.value();
  }

  absl::Status ReadMagic() {
    const absl::StatusOr<std::string> magic = ReadUpTo(kBinaryDumpMagic.size());
    if (!magic.ok()) return magic.status();
    if (*magic == kBinaryDumpMagic) return absl::OkStatus();
    return absl::DataLossError("it does not begin as a dump does");
  }

  absl::StatusOr<DumpPiece> ReadPiece(std::string_view head) {
    if (head.size() < kLengthBytes + kChecksumBytes) return Truncated();
    const std::string_view length = head.substr(0, kLengthBytes);
    const uint64_t bytes = ParseLittleEndian(length);
    if (bytes > kMaxMessageBytes) {
      return absl::DataLossError(
          absl::StrCat("its length, ", bytes, ", is not one that a dump has"));
    }
    const absl::StatusOr<std::string> message = ReadUpTo(bytes);
    if (!message.ok()) return message.status();
    if (message->size() < bytes) return Truncated();
    if (ChecksumOf(length, *message) != ParseLittleEndian(head.substr(kLengthBytes))) {
      return absl::DataLossError("its checksum is wrong");
    }
    return FromMessage(*message);
  }

  absl::Status Truncated() const {
    return absl::DataLossError(
        absl::StrCat("the file is cut short there, at byte ", read_));
  }

  // Less only at the end of the input.
  absl::StatusOr<std::string> ReadUpTo(uint64_t bytes) {
    std::string text;
    while (text.size() < bytes) {
      const size_t held = text.size();
      text.resize(held + std::min<uint64_t>(bytes - held, kReadBytes));
      const absl::StatusOr<size_t> read = source_(text.data() + held, text.size() - held);
      if (!read.ok()) return read.status();
      text.resize(held + *read);
      if (*read == 0) break;
    }
    read_ += text.size();
    checksum_.Add(text);
    return text;
  }

  const ByteSource source_;
  uint64_t read_ = 0;
  Checksum checksum_;
  uint64_t begin_ = 0;
  uint64_t checksum_before_ = 0;
};

}  // namespace

std::string EncodeBinaryDump(const DumpPiece& piece) {
  const std::string message = std::visit(ToMessage(), piece).SerializeAsString();
  const std::string length = LittleEndian(message.size(), kLengthBytes);
  const bool is_first = std::holds_alternative<DumpHeader>(piece);
  return absl::StrCat(is_first ? std::string(kBinaryDumpMagic) : "", length,
                      LittleEndian(ChecksumOf(length, message), kChecksumBytes), message);
}

std::unique_ptr<DumpDecoder> NewBinaryDumpDecoder(ByteSource source) {
  return std::make_unique<BinaryDumpDecoder>(std::move(source));
}

}  // namespace rcukv::cli
