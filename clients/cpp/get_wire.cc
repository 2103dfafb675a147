#include "clients/cpp/get_wire.h"

#include <cstddef>

namespace rcukv::internal {
namespace {

enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

constexpr uint32_t Tag(uint32_t field, WireType type) { return field << 3 | type; }

// Every field number here is under 16, so that a tag is one byte.
void AppendField(uint32_t field, std::string_view bytes, std::string* request) {
  request->push_back(static_cast<char>(Tag(field, kBytes)));
  size_t length = bytes.size();
  for (; length >= 0x80; length >>= 7)
    request->push_back(static_cast<char>(length | 0x80));
  request->push_back(static_cast<char>(length));
  request->append(bytes);
}

// Reads a message field by field. After the first error Next returns 0 and everything
// else does nothing.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // The tag of the next field; 0 at the end, and after an error.
  uint32_t Next() {
    if (at_ == end_) return 0;
    const auto tag = static_cast<uint32_t>(ReadVarint());
    if (tag >> 3 == 0) Fail();
    return ok_ ? tag : 0;
  }

  uint64_t ReadVarint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    Fail();
    return 0;
  }

  std::string_view ReadBytes() { return Take(ReadVarint()); }

  // Passes over the content of a field that is not known.
  void Skip(uint32_t tag) {
    switch (tag & 7) {
      case kVarint:
        ReadVarint();
        return;
      case kFixed64:
        Take(8);
        return;
      case kBytes:
        ReadBytes();
        return;
      case kFixed32:
        Take(4);
        return;
      default:  // Groups, which proto3 does not have.
        Fail();
    }
  }

  bool ok() const { return ok_; }

 private:
  std::string_view Take(uint64_t bytes) {
    if (bytes > static_cast<uint64_t>(end_ - at_)) {
      Fail();
      return {};
    }
    const std::string_view taken(at_, bytes);
    at_ += bytes;
    return taken;
  }

  void Fail() {
    ok_ = false;
    at_ = end_;
  }

  const char* at_;
  const char* const end_;
  bool ok_ = true;
};

// rcukv.v1.Entry; that it is there says that the key was found.
bool ReadEntry(std::string_view entry, GetResult* result) {
  // Of two, the second adds to the first.
  ValueView& found = result->has_value() ? **result : result->emplace();
  FieldReader in(entry);
  while (const uint32_t tag = in.Next()) {
    switch (tag) {
      case Tag(2, kBytes):
        found.value = in.ReadBytes();
        break;
      case Tag(3, kVarint):
        found.mod_revision = in.ReadVarint();
        break;
      default:
        in.Skip(tag);
    }
  }
  return in.ok();
}

// rcukv.v1.BatchGetResponse.Result.
bool ReadResult(std::string_view bytes, GetResult* result) {
  bool is_found = false;
  ValueView found;
  FieldReader in(bytes);
  while (const uint32_t tag = in.Next()) {
    switch (tag) {
      case Tag(1, kVarint):
        is_found = in.ReadVarint() != 0;
        break;
      case Tag(2, kBytes):
        found.value = in.ReadBytes();
        break;
      case Tag(3, kVarint):
        found.mod_revision = in.ReadVarint();
        break;
      default:
        in.Skip(tag);
    }
  }
  if (is_found) *result = found;
  return in.ok();
}

}  // namespace

void AppendTable(std::string_view table, std::string* request) {
  if (!table.empty()) AppendField(1, table, request);
}

void AppendKey(std::string_view key, std::string* request) {
  AppendField(2, key, request);
}

size_t KeyFieldBytes(std::string_view key) {
  size_t bytes = 2 + key.size();
  for (size_t length = key.size(); length >= 0x80; length >>= 7) ++bytes;
  return bytes;
}

bool ReadGetResponse(std::string_view response, GetResult* result) {
  FieldReader in(response);
  while (const uint32_t tag = in.Next()) {
    if (tag != Tag(1, kBytes)) {
      in.Skip(tag);
    } else if (!ReadEntry(in.ReadBytes(), result)) {
      return false;
    }
  }
  return in.ok();
}

bool ReadBatchGetResponse(std::string_view response, absl::Span<GetResult> results) {
  size_t count = 0;
  FieldReader in(response);
  while (const uint32_t tag = in.Next()) {
    if (tag != Tag(1, kBytes)) {
      in.Skip(tag);
    } else if (count == results.size() ||
               !ReadResult(in.ReadBytes(), &results[count++])) {
      return false;
    }
  }
  return in.ok() && count == results.size();
}

}  // namespace rcukv::internal
