// Types of flags that know what they allow, and say so.
#ifndef RCUKV_SERVER_FLAG_TYPES_H_
#define RCUKV_SERVER_FLAG_TYPES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rcukv {

// HOST:PORT.
struct Address {
  std::string host_port;
};
bool AbslParseFlag(absl::string_view text, Address* flag, std::string* error);
std::string AbslUnparseFlag(const Address& flag);

// A plain number, and a number of bytes, which may end in KiB, MiB or GiB. Their parsers
// know no range; Number and Bytes do.
bool ParseNumber(absl::string_view text, uint64_t min, uint64_t max, uint64_t* value,
                 std::string* error);
bool ParseBytes(absl::string_view text, uint64_t min, uint64_t max, uint64_t* value,
                std::string* error);

template <uint64_t kMin, uint64_t kMax>
struct Number {
  uint64_t value;
};
template <uint64_t kMin, uint64_t kMax>
bool AbslParseFlag(absl::string_view text, Number<kMin, kMax>* flag, std::string* error) {
  return ParseNumber(text, kMin, kMax, &flag->value, error);
}
template <uint64_t kMin, uint64_t kMax>
std::string AbslUnparseFlag(const Number<kMin, kMax>& flag) {
  return absl::StrCat(flag.value);
}

template <uint64_t kMin, uint64_t kMax>
struct Bytes {
  uint64_t value;
};
template <uint64_t kMin, uint64_t kMax>
bool AbslParseFlag(absl::string_view text, Bytes<kMin, kMax>* flag, std::string* error) {
  return ParseBytes(text, kMin, kMax, &flag->value, error);
}
template <uint64_t kMin, uint64_t kMax>
std::string AbslUnparseFlag(const Bytes<kMin, kMax>& flag) {
  return absl::StrCat(flag.value);
}

// A duration such as 500ms or 1.5s.
bool ParseDuration(absl::string_view text, absl::Duration min, absl::Duration max,
                   absl::Duration* value, std::string* error);

// Its range is in milliseconds, its values need not be.
template <uint64_t kMin, uint64_t kMax>
struct Milliseconds {
  absl::Duration value;
};
template <uint64_t kMin, uint64_t kMax>
bool AbslParseFlag(absl::string_view text, Milliseconds<kMin, kMax>* flag,
                   std::string* error) {
  return ParseDuration(text, absl::Milliseconds(kMin), absl::Milliseconds(kMax),
                       &flag->value, error);
}
template <uint64_t kMin, uint64_t kMax>
std::string AbslUnparseFlag(const Milliseconds<kMin, kMax>& flag) {
  return absl::FormatDuration(flag.value);
}

// One of some names. NamesOf is specialized for each T.
template <typename T>
struct Name {
  std::string_view name;
  T value;
};

template <typename T>
struct Names {
  std::vector<Name<T>> allowed;
  // Names that a later version will have.
  std::vector<std::string_view> later;
};

template <typename T>
Names<T> NamesOf();

// "allowed are mb, memb"; before it, where `text` is in `later`, that it is to come.
std::string NotAllowed(absl::string_view text,
                       const std::vector<std::string_view>& allowed,
                       const std::vector<std::string_view>& later);

template <typename T>
struct Choice {
  T value;
};
template <typename T>
bool AbslParseFlag(absl::string_view text, Choice<T>* flag, std::string* error) {
  const Names<T> names = NamesOf<T>();
  std::vector<std::string_view> allowed;
  for (const Name<T>& name : names.allowed) {
    if (text == absl::string_view(name.name.data(), name.name.size())) {
      flag->value = name.value;
      return true;
    }
    allowed.push_back(name.name);
  }
  *error = NotAllowed(text, allowed, names.later);
  return false;
}
template <typename T>
std::string AbslUnparseFlag(const Choice<T>& flag) {
  for (const Name<T>& name : NamesOf<T>().allowed) {
    if (name.value == flag.value) return std::string(name.name);
  }
  return "";
}

}  // namespace rcukv

#endif  // RCUKV_SERVER_FLAG_TYPES_H_
