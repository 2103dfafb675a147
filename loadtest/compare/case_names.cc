#include "loadtest/compare/case_names.h"

#include "absl/strings/str_format.h"

namespace rcukv::loadtest {

const char* NameOf(Sections sections) {
  switch (sections) {
    case Sections::kTenAKey:
      return "ten_per_key";
    case Sections::kOneAKey:
      return "per_key";
    case Sections::kOneABatch:
      return "per_batch";
  }
  return "";
}

const char* NameOf(Rpc rpc) {
  return rpc == Rpc::kBatchGet ? "BatchGet" : "StreamBatchGet";
}

const char* NameOf(Reclaim reclaim) {
  return reclaim == Reclaim::kCallRcu ? "call_rcu" : "synchronize";
}

std::string MapCase(Sections sections) {
  return absl::StrFormat("map.%s", NameOf(sections));
}

std::string LookupsCase(Sections sections) {
  return absl::StrFormat("lookups.%s", NameOf(sections));
}

std::string CallsCase(Rpc rpc, int64_t keys, Sections sections) {
  return absl::StrFormat("grpc.%s.%d.%s",
                         rpc == Rpc::kBatchGet ? "batch_get" : "stream_batch_get", keys,
                         NameOf(sections));
}

std::string WritersCase(int64_t writes_per_second, Reclaim reclaim) {
  return absl::StrFormat("writers.%d.%s", writes_per_second, NameOf(reclaim));
}

}  // namespace rcukv::loadtest
