// The barrier strategies that can be compared: a name, and how a server is told of it.
#ifndef RCUKV_LOADTEST_BASE_STRATEGY_H_
#define RCUKV_LOADTEST_BASE_STRATEGY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

struct Strategy {
  std::string name;
  // Of the server.
  std::vector<std::string> flags;
  // What the server then says it runs with.
  v1::Flavor flavor;
  v1::MembarrierMode membarrier_mode = v1::MEMBARRIER_MODE_UNSPECIFIED;
};

// Every strategy there is, mb first.
const std::vector<Strategy>& AllStrategies();

// Those that are compared where nothing else is said: every flavor, and what the rest
// would show is near to one of these.
std::vector<Strategy> DefaultStrategies();

// The strategies of a list of names separated by commas, where '_' may stand for '-';
// "all": every one. INVALID_ARGUMENT names the ones there are.
absl::StatusOr<std::vector<Strategy>> ParseStrategies(std::string_view names);

// "mb,memb-expedited".
std::string NamesOf(const std::vector<Strategy>& strategies,
                    std::string_view separator = ",");

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_STRATEGY_H_
