#include "loadtest/workload/null_server_process.h"

#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/workload/null_server.h"
#include "loadtest/workload/records.h"

namespace rcukv::loadtest {
namespace {

constexpr char kThisProgram[] = "/proc/self/exe";
constexpr std::string_view kListening = "null server listening on ";
constexpr absl::Duration kPatience = absl::Seconds(10);

}  // namespace

absl::Status ServeNull(const RunOptions& options) {
  const Records records(static_cast<uint64_t>(options.seed), options.key_bytes,
                        options.value_bytes);
  const absl::StatusOr<std::unique_ptr<NullServer>> server =
      NullServer::Start(records, static_cast<size_t>(options.entries));
  if (!server.ok()) return server.status();
  absl::PrintF("%s%s\n", kListening, (*server)->address());
  std::fflush(stdout);
  SleepUnlessInterrupted(absl::InfiniteDuration());
  return absl::OkStatus();
}

absl::StatusOr<NullServerProcess> StartNullServer(const RunOptions& options) {
  absl::StatusOr<std::unique_ptr<ChildProcess>> process = ChildProcess::Start(
      {kThisProgram, kNullServerCommand, absl::StrFormat("--entries=%d", options.entries),
       "--key_bytes=" + options.key_bytes.ToString(),
       "--value_bytes=" + options.value_bytes.ToString(),
       absl::StrFormat("--seed=%d", options.seed)});
  if (!process.ok()) return process.status();
  const absl::StatusOr<std::string> line = (*process)->WaitForLine(kListening, kPatience);
  if (!line.ok()) {
    return absl::Status(
        line.status().code(),
        absl::StrFormat("a null server: %s; its last words: %s", line.status().message(),
                        absl::StrJoin((*process)->LastLines(3), " | ")));
  }
  return NullServerProcess{.address = line->substr(kListening.size()),
                           .process = *std::move(process)};
}

}  // namespace rcukv::loadtest
