#include "bench/map/row.h"

#include <array>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rcukv::bench {
namespace {

constexpr std::array kAccesses = {Access::kGet, Access::kMultiGet, Access::kGetAbsent};
constexpr std::array kDistributions = {Distribution::kUniform, Distribution::kZipf};

template <class Enum, size_t n>
bool Parse(const std::array<Enum, n>& all, std::string_view text, Enum* value) {
  for (const Enum candidate : all) {
    if (ToString(candidate) != text) continue;
    *value = candidate;
    return true;
  }
  return false;
}

bool ParseNumber(std::string_view text, int64_t min, int64_t max, int64_t* number) {
  return absl::SimpleAtoi(std::string(text), number) && min <= *number && *number <= max;
}

bool Parse(const std::vector<std::string>& words, Row* row) {
  return words.size() == 4 && Parse(kAccesses, words[0], &row->access) &&
         Parse(kDistributions, words[1], &row->distribution) && words[2].ends_with('t') &&
         ParseNumber(words[2].substr(0, words[2].size() - 1), 1, 64, &row->threads) &&
         words[3].starts_with('u') &&
         ParseNumber(words[3].substr(1), 0, 100, &row->updates);
}

}  // namespace

std::string ToString(Access access) {
  switch (access) {
    case Access::kGet:
      return "get";
    case Access::kMultiGet:
      return absl::StrCat("multiget", kGroup);
    case Access::kGetAbsent:
      return "get_absent";
  }
  return "?";
}

std::string ToString(Distribution distribution) {
  return distribution == Distribution::kUniform ? "uniform" : "zipf";
}

std::string ToString(const Row& row) {
  return absl::StrCat(ToString(row.access), ".", ToString(row.distribution), ".",
                      row.threads, "t.u", row.updates);
}

std::string CpuFigureOf(const Row& row) { return absl::StrCat(ToString(row), ".cpu_ns"); }

absl::StatusOr<Row> ParseRow(std::string_view text) {
  Row row;
  if (Parse(absl::StrSplit(std::string(text), '.'), &row)) return row;
  return absl::InvalidArgumentError(
      absl::StrCat("\"", std::string(text), "\" is no row like get.uniform.1t.u0"));
}

}  // namespace rcukv::bench
