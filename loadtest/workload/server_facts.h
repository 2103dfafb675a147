// Which server a run was against, and how that was set, by GetStatus.
#ifndef RCUKV_LOADTEST_WORKLOAD_SERVER_FACTS_H_
#define RCUKV_LOADTEST_WORKLOAD_SERVER_FACTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::loadtest {

struct ServerFacts {
  std::string version;
  // Names and values, as the API has them, in lower case: {"flavor", "memb"}. Those that
  // have no meaning for the server are left out.
  std::vector<std::pair<std::string, std::string>> settings;
};

ServerFacts FactsOf(const v1::GetStatusResponse& status);

// Of the server whose AdminService is at that address. Errors: of AdminClient.
absl::StatusOr<ServerFacts> AskServer(const std::string& admin_address,
                                      absl::Duration timeout);

// "rcukv 1.2.3, flavor memb, ..."
std::string ToString(const ServerFacts& facts);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_SERVER_FACTS_H_
