#include "server/flag_types.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/service/listening.h"

namespace rcukv {
namespace {

// Digits alone; SimpleAtoi would take blanks and a sign as well.
bool ParseDigits(absl::string_view text, uint64_t* value) {
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && absl::SimpleAtoi(text, value);
}

bool CheckRange(uint64_t value, uint64_t min, uint64_t max) {
  return value >= min && value <= max;
}

// The factor that the suffix stands for, which is taken off.
uint64_t TakeUnit(absl::string_view* text) {
  constexpr std::pair<const char*, int> kUnits[] = {
      {"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
  for (const auto& [suffix, shift] : kUnits) {
    if (absl::ConsumeSuffix(text, suffix)) return uint64_t{1} << shift;
  }
  return 1;
}

std::string Joined(const std::vector<std::string_view>& names) {
  return absl::StrJoin(
      names, ", ", [](std::string* out, std::string_view name) { out->append(name); });
}

}  // namespace

bool AbslParseFlag(absl::string_view text, Address* flag, std::string* error) {
  const absl::StatusOr<HostPort> parsed = ParseHostPort({text.data(), text.size()});
  if (!parsed.ok()) {
    *error = "allowed is HOST:PORT, such as 127.0.0.1:7700; port 0 is any free one";
    return false;
  }
  flag->host_port = std::string(text);
  return true;
}

std::string AbslUnparseFlag(const Address& flag) { return flag.host_port; }

bool ParseNumber(absl::string_view text, uint64_t min, uint64_t max, uint64_t* value,
                 std::string* error) {
  if (ParseDigits(text, value) && CheckRange(*value, min, max)) return true;
  *error = absl::StrCat("allowed are ", min, " to ", max);
  return false;
}

bool ParseBytes(absl::string_view text, uint64_t min, uint64_t max, uint64_t* value,
                std::string* error) {
  absl::string_view digits = text;
  const uint64_t unit = TakeUnit(&digits);
  if (ParseDigits(digits, value) && *value <= max / unit) {
    *value *= unit;
    if (CheckRange(*value, min, max)) return true;
  }
  *error = absl::StrCat("allowed are ", min, " to ", max,
                        " bytes, as a number or with KiB, MiB or GiB behind it");
  return false;
}

bool ParseDuration(absl::string_view text, absl::Duration min, absl::Duration max,
                   absl::Duration* value, std::string* error) {
  if (absl::ParseDuration(text, value) && *value >= min && *value <= max) return true;
  *error = absl::StrCat("allowed are ", absl::FormatDuration(min), " to ",
                        absl::FormatDuration(max), ", such as 500ms or 1.5s");
  return false;
}

std::string NotAllowed(absl::string_view text,
                       const std::vector<std::string_view>& allowed,
                       const std::vector<std::string_view>& later) {
  const std::string_view name(text.data(), text.size());
  const bool to_come = std::find(later.begin(), later.end(), name) != later.end();
  return absl::StrCat(to_come ? "this version does not have it yet; " : "", "allowed ",
                      allowed.size() == 1 ? "is " : "are ", Joined(allowed));
}

}  // namespace rcukv
