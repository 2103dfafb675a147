// The work of the layers, and what it is called in scripts and files. By these names the
// report finds the cases again that it sets side by side.
#ifndef RCUKV_LOADTEST_COMPARE_CASE_NAMES_H_
#define RCUKV_LOADTEST_COMPARE_CASE_NAMES_H_

#include <cstdint>
#include <string>

namespace rcukv::loadtest {

// What one read-side section covers.
enum class Sections {
  // A tenth of a read: nine of ten are empty, so that what a section costs stands out.
  kTenAKey,
  kOneAKey,
  kOneABatch,
};

// How keys travel.
enum class Rpc { kBatchGet, kStreamBatchGet };

// What the server does with replaced entries.
enum class Reclaim { kCallRcu, kSynchronize };

// "ten_per_key", "per_key", "per_batch".
const char* NameOf(Sections sections);
// "BatchGet".
const char* NameOf(Rpc rpc);
// "call_rcu".
const char* NameOf(Reclaim reclaim);

inline constexpr char kPrimitiveCase[] = "primitive";
// "map.per_key".
std::string MapCase(Sections sections);
// "lookups.per_key".
std::string LookupsCase(Sections sections);
// "grpc.batch_get.100.per_key".
std::string CallsCase(Rpc rpc, int64_t keys, Sections sections);
// "writers.1000.call_rcu".
std::string WritersCase(int64_t writes_per_second, Reclaim reclaim);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_CASE_NAMES_H_
