// What a run does, by YCSB's names (B. Cooper et al., "Benchmarking cloud serving systems
// with YCSB", SoCC 2010) where they fit:
//
// a  half get, half put            zipf
// b  95 % get, 5 % put             zipf     the default
// c  get                           zipf
// d  95 % get, 5 % insert          latest
// e  95 % scan, 5 % insert         zipf     see OperationKind::kScan
// f  half get, half rmw            zipf
//
// or shares of one's own: "get:90,put:8,rmw:2".
#ifndef RCUKV_LOADTEST_WORKLOAD_WORKLOAD_H_
#define RCUKV_LOADTEST_WORKLOAD_WORKLOAD_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "loadtest/workload/key_chooser.h"

namespace rcukv::loadtest {

enum class OperationKind {
  kGet,
  // Replaces the value of a key that is there.
  kPut,
  // Puts a new key.
  kInsert,
  // Gets, and puts on the condition that nobody has written the key since.
  kReadModifyWrite,
  // Reads some entries from where the table begins: it is a hash map, so its order is no
  // order of the keys, and there is no key to begin at.
  kScan,
};

inline constexpr std::array kOperationKinds = {
    OperationKind::kGet, OperationKind::kPut, OperationKind::kInsert,
    OperationKind::kReadModifyWrite, OperationKind::kScan};

// "get", "put", "insert", "rmw", "scan".
std::string_view ToString(OperationKind kind);

struct Workload {
  // As ParseWorkload was given it.
  std::string name;
  // By OperationKind; they add up to 1.
  std::array<double, kOperationKinds.size()> shares = {};
  // Where nothing else is said.
  KeyDistribution::Kind keys = KeyDistribution::kZipf;

  double share(OperationKind kind) const { return shares[static_cast<size_t>(kind)]; }
};

// INVALID_ARGUMENT says what there is.
absl::StatusOr<Workload> ParseWorkload(std::string_view text);

// "95 % get, 5 % put".
std::string DescribeShares(const Workload& workload);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_WORKLOAD_H_
