// The servers of a comparison: one for each strategy and read section that a layer asks
// for, all with the same data. They are up until this goes.
//
// Thread safety: one thread.
#ifndef RCUKV_LOADTEST_COMPARE_SERVERS_H_
#define RCUKV_LOADTEST_COMPARE_SERVERS_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "loadtest/base/strategy.h"
#include "loadtest/compare/arm.h"
#include "loadtest/compare/dataset.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

class Servers {
 public:
  // `dataset` outlives them.
  Servers(std::string server_binary, const Dataset& dataset)
      : server_binary_(std::move(server_binary)), dataset_(dataset) {}

  // The server of this strategy and section; started and filled when first asked for.
  // Errors as of Arm.
  absl::StatusOr<Arm*> Get(const Strategy& strategy, v1::ReadSection section);

 private:
  const std::string server_binary_;
  const Dataset& dataset_;
  // By the name of the strategy, and section.
  std::map<std::pair<std::string, v1::ReadSection>, std::unique_ptr<Arm>> arms_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_COMPARE_SERVERS_H_
