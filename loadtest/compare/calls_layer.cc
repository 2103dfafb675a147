#include "loadtest/compare/calls_layer.h"

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/columns.h"
#include "loadtest/compare/grpc_layer.h"

namespace rcukv::loadtest {
namespace {

std::string KeysOf(int64_t keys) {
  return absl::StrFormat("%d %s", keys, keys == 1 ? "key" : "keys");
}

GrpcWork WorkOf(const CompareOptions& options, Rpc rpc, int64_t keys, Sections sections) {
  const char* const section =
      sections == Sections::kOneAKey ? "a section a key" : "a section a call";
  return {.info = {.name = CallsCase(rpc, keys, sections),
                   .title = absl::StrFormat("%s of %d, %s", NameOf(rpc), keys, section),
                   .group = absl::StrFormat("%s, %s", NameOf(rpc), section),
                   .label = KeysOf(keys)},
          .rpc = rpc,
          .keys = keys,
          .sections = sections,
          .writes_per_second = options.writes_per_second};
}

std::vector<GrpcWork> WorksOf(const CompareOptions& options) {
  std::vector<GrpcWork> works;
  for (const Rpc rpc : {Rpc::kBatchGet, Rpc::kStreamBatchGet}) {
    for (const int64_t keys : options.keys) {
      for (const Sections sections : {Sections::kOneAKey, Sections::kOneABatch}) {
        works.push_back(WorkOf(options, rpc, keys, sections));
      }
    }
  }
  return works;
}

}  // namespace

std::unique_ptr<Layer> CallsLayer(const CompareOptions& options, Servers& servers) {
  return std::make_unique<GrpcLayer>(
      LayerInfo{
          .number = 4,
          .title = "over gRPC",
          .what = absl::StrFormat(
              "Calls of so many keys: a closed loop of %d connections x %d calls for "
              "random ones of %s keys, each value checked, while a client replaces "
              "%s entries a second. CPU a read is the server's.",
              options.connections, options.in_flight,
              GroupedNumber(static_cast<uint64_t>(options.entries)),
              ShortNumber(options.writes_per_second)),
          .columns = CallColumns(),
          .cases = {}},
      WorksOf(options), options, servers);
}

}  // namespace rcukv::loadtest
