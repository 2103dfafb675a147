#include "loadtest/workload/sizes.h"

#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"

namespace rcukv::loadtest {
namespace {

constexpr double kExponent = 0.99;
constexpr std::string_view kUniform = "uniform:";
constexpr std::string_view kZipf = "zipf:";

std::optional<size_t> ParseSize(std::string_view text) {
  size_t size;
  if (!absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &size)) return {};
  return size;
}

// "20-200".
std::optional<SizeLimits> ParseRange(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == text.npos) return {};
  const std::optional<size_t> min = ParseSize(text.substr(0, dash));
  const std::optional<size_t> max = ParseSize(text.substr(dash + 1));
  if (!min.has_value() || !max.has_value() || *min > *max) return {};
  return SizeLimits{*min, *max};
}

std::optional<SizeLimits> ParseLimits(Sizes::Kind kind, std::string_view text) {
  if (kind == Sizes::kUniform) return ParseRange(text.substr(kUniform.size()));
  if (kind == Sizes::kZipf) return ParseRange(text.substr(kZipf.size()));
  const std::optional<size_t> size = ParseSize(text);
  if (!size.has_value()) return {};
  return SizeLimits{*size, *size};
}

Sizes::Kind KindOf(std::string_view text) {
  if (text.substr(0, kUniform.size()) == kUniform) return Sizes::kUniform;
  if (text.substr(0, kZipf.size()) == kZipf) return Sizes::kZipf;
  return Sizes::kFixed;
}

}  // namespace

Sizes::Sizes(Kind kind, SizeLimits limits)
    : kind_(kind), limits_(limits), zipf_(kExponent, limits.max - limits.min + 1) {}

size_t Sizes::Draw(Random& random) const {
  switch (kind_) {
    case kFixed:
      return limits_.min;
    case kUniform:
      return limits_.min + random.Below(limits_.max - limits_.min + 1);
    case kZipf:
      return limits_.min + zipf_.Draw(random);
  }
  return limits_.min;
}

std::string Sizes::ToString() const {
  if (kind_ == kFixed) return absl::StrFormat("%d", limits_.min);
  return absl::StrFormat("%s:%d-%d", kind_ == kUniform ? "uniform" : "zipf", limits_.min,
                         limits_.max);
}

absl::StatusOr<Sizes> ParseSizes(std::string_view text, SizeLimits allowed) {
  const Sizes::Kind kind = KindOf(text);
  const std::optional<SizeLimits> limits = ParseLimits(kind, text);
  if (!limits.has_value() || limits->min < allowed.min || limits->max > allowed.max) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "must be a number of bytes such as 100, uniform:20-200 or zipf:20-2000, with all "
        "sizes from %d to %d",
        allowed.min, allowed.max));
  }
  return Sizes(kind, *limits);
}

}  // namespace rcukv::loadtest
