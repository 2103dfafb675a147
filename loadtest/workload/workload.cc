#include "loadtest/workload/workload.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace rcukv::loadtest {
namespace {

struct Named {
  std::string_view name;
  // get, put, insert, rmw, scan.
  std::array<double, kOperationKinds.size()> shares;
  KeyDistribution::Kind keys;
};

constexpr Named kNamed[] = {
    {"a", {0.5, 0.5, 0, 0, 0}, KeyDistribution::kZipf},
    {"b", {0.95, 0.05, 0, 0, 0}, KeyDistribution::kZipf},
    {"c", {1, 0, 0, 0, 0}, KeyDistribution::kZipf},
    {"d", {0.95, 0, 0.05, 0, 0}, KeyDistribution::kLatest},
    {"e", {0, 0, 0.05, 0, 0.95}, KeyDistribution::kZipf},
    {"f", {0.5, 0, 0, 0.5, 0}, KeyDistribution::kZipf},
};

std::optional<OperationKind> KindOf(std::string_view name) {
  for (const OperationKind kind : kOperationKinds) {
    if (ToString(kind) == name) return kind;
  }
  return {};
}

// Adds "get:90"; returns whether it is one.
bool AddShare(const std::string& text, Workload& workload) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  double share;
  if (parts.size() != 2 || !absl::SimpleAtod(parts[1], &share)) return false;
  const std::optional<OperationKind> kind = KindOf(parts[0]);
  // Written so that NaN is refused.
  if (!kind.has_value() || !(share >= 0 && share <= 1e9)) return false;
  workload.shares[static_cast<size_t>(*kind)] += share;
  return true;
}

absl::Status NoSuchWorkload(std::string_view text) {
  return absl::InvalidArgumentError(absl::StrFormat(
      "there is no workload \"%s\"; there are a, b, c, d, e and f, as YCSB names them, "
      "or "
      "shares of get, put, insert, rmw and scan, such as get:90,put:8,rmw:2",
      text));
}

}  // namespace

std::string_view ToString(OperationKind kind) {
  switch (kind) {
    case OperationKind::kGet:
      return "get";
    case OperationKind::kPut:
      return "put";
    case OperationKind::kInsert:
      return "insert";
    case OperationKind::kReadModifyWrite:
      return "rmw";
    case OperationKind::kScan:
      return "scan";
  }
  return "?";
}

absl::StatusOr<Workload> ParseWorkload(std::string_view text) {
  for (const Named& named : kNamed) {
    if (named.name == text) return Workload{std::string(text), named.shares, named.keys};
  }
  Workload workload = {.name = std::string(text)};
  const std::vector<std::string> parts = absl::StrSplit(workload.name, ',');
  for (const std::string& part : parts) {
    if (!AddShare(part, workload)) return NoSuchWorkload(text);
  }
  double sum = 0;
  for (const double share : workload.shares) sum += share;
  if (sum <= 0) return NoSuchWorkload(text);
  for (double& share : workload.shares) share /= sum;
  return workload;
}

std::string DescribeShares(const Workload& workload) {
  std::string words;
  for (const OperationKind kind : kOperationKinds) {
    if (workload.share(kind) == 0) continue;
    absl::StrAppendFormat(&words, "%s%g %% %s", words.empty() ? "" : ", ",
                          100 * workload.share(kind), ToString(kind));
  }
  return words;
}

}  // namespace rcukv::loadtest
