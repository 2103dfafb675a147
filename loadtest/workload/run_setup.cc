#include "loadtest/workload/run_setup.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "loadtest/workload/load_phase.h"

namespace rcukv::loadtest {
namespace {

// `status`, with the flag that led to it and what to do.
absl::Status BlameFlag(const absl::Status& status, const std::string& flag,
                       const std::string& remedy) {
  return absl::Status(status.code(),
                      absl::StrFormat("%s: %s; %s", flag, status.message(), remedy));
}

// An error of the server that is there, or is not.
absl::Status BlameAddress(const absl::Status& status, const RunOptions& options) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrFormat("--address=%s: %s", options.address,
                                                     status.message()));
}

absl::Status CheckThere(ServerTarget& target, const RunOptions& options,
                        const Records& records) {
  const absl::Status status = target.Get(records.Key(0)).status();
  if (!absl::IsNotFound(status)) return BlameAddress(status, options);
  return BlameFlag(status, "--table=" + options.table,
                   "create it with ./run cli table create, or name another");
}

// Where it was to be filled by an earlier run.
absl::Status CheckFilledBefore(ServerTarget& target, const RunOptions& options,
                               const Records& records) {
  const auto entries = static_cast<size_t>(options.entries);
  const absl::Status status = CheckFilled(target, records, entries);
  if (absl::IsNotFound(status)) {
    return BlameFlag(status, absl::StrFormat("--entries=%d", options.entries),
                     "the table is too small: lower it to what was loaded, or leave "
                     "--load=false out");
  }
  if (absl::IsDataLoss(status)) {
    return BlameFlag(status, "--load=false",
                     "give the --seed, --key_bytes and --value_bytes with which the "
                     "table was filled, or leave it out");
  }
  return status;
}

}  // namespace

absl::StatusOr<Targets> Connect(const RunOptions& options) {
  Targets targets;
  for (int64_t i = 0; i < options.connections; ++i) {
    absl::StatusOr<std::unique_ptr<Client>> client = Client::Connect(
        options.address,
        {.connect_timeout = options.timeout, .call_timeout = options.timeout});
    if (!client.ok()) return BlameAddress(client.status(), options);
    targets.push_back(std::make_unique<ServerTarget>(*std::move(client), options.table));
  }
  return targets;
}

absl::Status CheckTable(ServerTarget& target, const RunOptions& options,
                        const Records& records) {
  const absl::Status status = CheckThere(target, options, records);
  if (!status.ok() || options.load) return status;
  return CheckFilledBefore(target, options, records);
}

std::vector<Caller> CallersOf(const Targets& targets, const Records& records,
                              RevisionLedger& ledger, Tally& tally) {
  std::vector<Caller> callers;
  for (const std::unique_ptr<ServerTarget>& target : targets) {
    callers.emplace_back(*target, records, ledger, tally);
  }
  return callers;
}

}  // namespace rcukv::loadtest
