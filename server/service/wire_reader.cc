#include "server/service/wire_reader.h"

#include <array>
#include <string>

#include "absl/strings/str_cat.h"

namespace rcukv {
namespace {

// Protobuf's limits: a tag and a length are at most 5 bytes, any varint at most 10, and
// bits beyond the integer's width are dropped.
constexpr int kMaxTagBytes = 5;
constexpr int kMaxLengthBytes = 5;
constexpr int kMaxVarintBytes = 10;
// Protobuf keeps a length, and 16 bytes on top of it, within an int.
constexpr uint64_t kMaxLength = 0x7fffffff - 16;

struct Varint {
  uint64_t value = 0;
  // Past it; null when it does not end before `max_bytes` or the end of the message.
  const char* end = nullptr;
};

Varint ParseVarint(const char* at, const char* end, int max_bytes) {
  Varint result;
  for (int i = 0; i < max_bytes && at + i != end; ++i) {
    const uint64_t byte = static_cast<unsigned char>(at[i]);
    result.value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      result.end = at + i + 1;
      return result;
    }
  }
  return result;
}

bool IsContinuation(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// Bytes of the code point that begins at `at`; 0 where that is none.
size_t CodePointBytes(const unsigned char* at, size_t left) {
  const unsigned char lead = at[0];
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;  // A continuation, or an overlong form of ASCII.
  const size_t bytes = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (bytes == 0 || bytes > left) return 0;
  for (size_t i = 1; i < bytes; ++i) {
    if (!IsContinuation(at[i])) return 0;
  }
  if (lead == 0xe0 && at[1] < 0xa0) return 0;   // Overlong.
  if (lead == 0xed && at[1] >= 0xa0) return 0;  // A surrogate.
  if (lead == 0xf0 && at[1] < 0x90) return 0;   // Overlong.
  if (lead == 0xf4 && at[1] >= 0x90) return 0;  // Beyond U+10FFFF.
  return bytes;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  size_t left = text.size();
  while (left > 0) {
    const size_t bytes = CodePointBytes(at, left);
    if (bytes == 0) return false;
    at += bytes;
    left -= bytes;
  }
  return true;
}

void WireReader::Fail(const char* where, const char* what) {
  if (error_ == nullptr) {
    error_ = what;
    error_offset_ = static_cast<size_t>(where - begin_);
  }
  at_ = end_;
}

absl::Status WireReader::status() const {
  if (error_ == nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(std::string(message_),
                                                 ": malformed at byte ", error_offset_,
                                                 " of ", end_ - begin_, ": ", error_));
}

// Returns 0 after an error; a tag of value 0 is one.
uint32_t WireReader::ReadTagBytes() {
  field_begin_ = at_;
  const Varint tag = ParseVarint(at_, end_, kMaxTagBytes);
  if (tag.end == nullptr) {
    Fail(at_, "a tag is longer than 5 bytes or cut off");
    return 0;
  }
  const auto value = static_cast<uint32_t>(tag.value);
  if (value >> 3 == 0) {
    Fail(at_, "field number 0");
    return 0;
  }
  at_ = tag.end;
  return value;
}

uint32_t WireReader::NextTagSlow() {
  const uint32_t tag = ReadTagBytes();
  if ((tag & 7) != kEndGroup) return tag;
  Fail(field_begin_, "the end of a group that was not opened");
  return 0;
}

void WireReader::ReadVarint(uint64_t* value) {
  const Varint varint = ParseVarint(at_, end_, kMaxVarintBytes);
  if (varint.end == nullptr) {
    return Fail(at_, "a varint is longer than 10 bytes or cut off");
  }
  *value = varint.value;
  at_ = varint.end;
}

void WireReader::ReadBytesSlow(std::string_view* value) {
  const Varint length = ParseVarint(at_, end_, kMaxLengthBytes);
  if (length.end == nullptr) {
    return Fail(at_, "a length is longer than 5 bytes or cut off");
  }
  if (length.value > kMaxLength) return Fail(at_, "a length is 2 GiB or more");
  if (length.value > static_cast<uint64_t>(end_ - length.end)) {
    return Fail(at_, "a length runs past the end of the message");
  }
  *value = {length.end, length.value};
  at_ = length.end + length.value;
}

void WireReader::ReadString(std::string_view* value) {
  const char* const begin = at_;
  ReadBytes(value);
  if (error_ == nullptr && !IsUtf8(*value)) Fail(begin, "a string is not valid UTF-8");
}

void WireReader::SkipBytes(size_t count) {
  if (count > static_cast<size_t>(end_ - at_)) {
    return Fail(at_, "a field runs past the end of the message");
  }
  at_ += count;
}

// Any type but the two of groups.
void WireReader::SkipPlain(uint32_t tag) {
  switch (tag & 7) {
    case kVarint: {
      uint64_t ignored;
      return ReadVarint(&ignored);
    }
    case kFixed64:
      return SkipBytes(8);
    case kLengthDelimited: {
      std::string_view ignored;
      return ReadBytes(&ignored);
    }
    case kFixed32:
      return SkipBytes(4);
    default:
      return Fail(field_begin_, "a wire type that does not exist");
  }
}

// Groups nest, so the open ones are kept here; the machine's stack is not the client's.
void WireReader::SkipGroup(uint32_t field) {
  std::array<uint32_t, kMaxGroupDepth> open;
  int depth = 0;
  open[depth++] = field;
  while (depth > 0) {
    if (at_ == end_) return Fail(field_begin_, "a group is not closed");
    const uint32_t tag = ReadTagBytes();
    if (tag == 0) return;
    if ((tag & 7) == kStartGroup) {
      if (depth == kMaxGroupDepth) return Fail(field_begin_, "groups nest too deep");
      open[depth++] = tag >> 3;
    } else if ((tag & 7) == kEndGroup) {
      if (open[--depth] != tag >> 3) {
        return Fail(field_begin_, "the end of a group that was not opened");
      }
    } else {
      SkipPlain(tag);
      if (error_ != nullptr) return;
    }
  }
}

void WireReader::Skip(uint32_t tag) {
  if ((tag & 7) == kStartGroup) return SkipGroup(tag >> 3);
  SkipPlain(tag);
}

}  // namespace rcukv
