#include "loadtest/compare/writers_layer.h"

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/columns.h"
#include "loadtest/compare/grpc_layer.h"

namespace rcukv::loadtest {
namespace {

GrpcWork WorkOf(const CompareOptions& options, int64_t writes_per_second,
                Reclaim reclaim) {
  const std::string rate = absl::StrFormat(
      "%s writes/s", GroupedNumber(static_cast<uint64_t>(writes_per_second)));
  return {.info = {.name = WritersCase(writes_per_second, reclaim),
                   .title = absl::StrFormat("%s, %s", rate, NameOf(reclaim)),
                   .group = NameOf(reclaim),
                   .label = rate,
                   .has_same_writes = true},
          .keys = options.batch,
          .writes_per_second = static_cast<double>(writes_per_second),
          .reclaim = reclaim};
}

std::vector<GrpcWork> WorksOf(const CompareOptions& options) {
  std::vector<GrpcWork> works;
  for (const int64_t writes_per_second : options.write_rates) {
    for (const Reclaim reclaim : {Reclaim::kCallRcu, Reclaim::kSynchronize}) {
      works.push_back(WorkOf(options, writes_per_second, reclaim));
    }
  }
  return works;
}

}  // namespace

std::unique_ptr<Layer> WritersLayer(const CompareOptions& options, Servers& servers) {
  return std::make_unique<GrpcLayer>(
      LayerInfo{
          .number = 5,
          .title = "over gRPC, with writers",
          .what = absl::StrFormat(
              "The same loop with calls of %d keys, a section a call, while a client "
              "replaces entries. p50, p99 and p99.9 are of the readers' calls; GP is "
              "a grace period. Strategies that did not do as many writes as another "
              "are not compared with it.",
              options.batch),
          .columns = WriterColumns(),
          .cases = {}},
      WorksOf(options), options, servers);
}

}  // namespace rcukv::loadtest
