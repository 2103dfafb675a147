// Reads the fields of one protobuf message in place, as protobuf's generated parsers do.
//
//   WireReader in("GetRequest", bytes);
//   while (uint32_t tag = in.NextTag()) {
//     switch (tag) {
//       case LengthDelimitedTag(1): in.ReadBytes(&key); break;
//       default: in.Skip(tag);
//     }
//   }
//   return in.status();
//
// After the first error NextTag returns 0 and everything else does nothing, so that the
// loop needs no checks of its own.
//
// Thread safety: none; one thread at a time.
#ifndef RCUKV_SERVER_SERVICE_WIRE_READER_H_
#define RCUKV_SERVER_SERVICE_WIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"

namespace rcukv {

enum WireType : uint32_t {
  kVarint = 0,
  kFixed64 = 1,
  kLengthDelimited = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,
};

constexpr uint32_t VarintTag(uint32_t field) { return field << 3 | kVarint; }
constexpr uint32_t LengthDelimitedTag(uint32_t field) {
  return field << 3 | kLengthDelimited;
}

class WireReader {
 public:
  // `message` is its name in errors. Both views outlive the reader.
  WireReader(std::string_view message, std::string_view bytes)
      : message_(message),
        begin_(bytes.data()),
        at_(bytes.data()),
        end_(bytes.data() + bytes.size()) {}

  // The tag of the next field; 0 at the end of the message and after an error.
  uint32_t NextTag() {
    if (at_ == end_) return 0;
    const auto first = static_cast<unsigned char>(*at_);
    // One byte, and neither tag 0, nor field 0, nor a group's end, which mean errors.
    if (first < 0x80 && first >= 8 && (first & 7) != kEndGroup) {
      field_begin_ = at_++;
      return first;
    }
    return NextTagSlow();
  }

  // The content of a varint field, of a length-delimited field, and of the latter when
  // proto3 calls it a string.
  void ReadVarint(uint64_t* value);
  void ReadBytes(std::string_view* value) {
    if (at_ != end_) {
      const auto length = static_cast<unsigned char>(*at_);
      if (length < 0x80 && length < end_ - at_) {
        *value = {at_ + 1, length};
        at_ += 1 + length;
        return;
      }
    }
    ReadBytesSlow(value);
  }
  void ReadString(std::string_view* value);

  // Passes over a field of any type.
  void Skip(uint32_t tag);

  // OK, or INVALID_ARGUMENT: message, byte offset, what is wrong there.
  absl::Status status() const;

 private:
  // Nested groups that protobuf's parsers go into at most.
  static constexpr int kMaxGroupDepth = 100;

  uint32_t NextTagSlow();
  void ReadBytesSlow(std::string_view* value);
  uint32_t ReadTagBytes();
  void SkipBytes(size_t count);
  void SkipPlain(uint32_t tag);
  void SkipGroup(uint32_t field);
  void Fail(const char* where, const char* what);

  const std::string_view message_;
  const char* const begin_;
  const char* at_;
  const char* end_;
  // Where the field in hand begins.
  const char* field_begin_ = nullptr;
  // The first error: null while there is none.
  const char* error_ = nullptr;
  size_t error_offset_ = 0;
};

// Whether `text` is UTF-8 as of RFC 3629: no overlong forms, no surrogates.
bool IsUtf8(std::string_view text);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WIRE_READER_H_
