#include "clients/cli/format.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rcukv::cli {
namespace {

// With the largest unit that leaves at least 1, each `step` times the one before; one
// decimal place, but none in the first unit.
template <size_t kUnits>
std::string Scaled(uint64_t number, uint64_t step, const char* const (&units)[kUnits]) {
  size_t unit = 0;
  double scaled = static_cast<double>(number);
  // What would be printed as 1024.0 belongs to the next unit.
  while (unit + 1 < kUnits && scaled >= static_cast<double>(step) - 0.05) {
    scaled /= static_cast<double>(step);
    ++unit;
  }
  return absl::StrFormat("%.*f %s", unit == 0 ? 0 : 1, scaled, units[unit]);
}

}  // namespace

std::string WithCommas(uint64_t number) {
  const std::string digits = absl::StrCat(number);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string Bytes(uint64_t bytes) {
  return Scaled(bytes, 1024, {"B", "KiB", "MiB", "GiB", "TiB"});
}

std::string Nanoseconds(uint64_t nanoseconds) {
  return Scaled(nanoseconds, 1000, {"ns", "us", "ms", "s"});
}

std::string Count(uint64_t number, const std::string& one, const std::string& many) {
  return absl::StrCat(WithCommas(number), " ", number == 1 ? one : many);
}

}  // namespace rcukv::cli
