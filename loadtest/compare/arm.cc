#include "loadtest/compare/arm.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <optional>

#include "absl/strings/str_format.h"
#include "clients/cpp/bulk_writer.h"
#include "loadtest/base/cpu_time.h"
#include "loadtest/base/fill.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/compare/grace_periods.h"

namespace rcukv::loadtest {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(30);
// Connections are new in each turn: time for both sides to get going.
constexpr absl::Duration kLongestWarmUp = absl::Milliseconds(50);
constexpr std::chrono::milliseconds kInterruptPoll{20};
// A server that is to stop in the middle of a load is not given much time to finish it.
constexpr absl::Duration kPatienceAfterInterrupt = absl::Seconds(1);

absl::Status InterruptedError() { return absl::CancelledError("interrupted"); }

std::string FlagOf(v1::ReadSection section) {
  return absl::StrFormat("--read_section=%s",
                         section == v1::SECTION_PER_KEY ? "per_key" : "per_batch");
}

// Calls of membarrier that interrupt other CPUs.
uint64_t ExpeditedCalls(const v1::GetStatusResponse& status) {
  return status.membarrier().expedited_calls() +
         status.membarrier().global_expedited_calls();
}

bool UsesMembarrier(const Strategy& strategy) {
  return strategy.membarrier_mode != v1::MEMBARRIER_MODE_UNSPECIFIED;
}

void AddLatencies(const LatencyHistogram& latency_ns, Sample& sample) {
  const auto count = static_cast<double>(latency_ns.count());
  const auto percentile = [&](double percent) -> std::optional<double> {
    // Otherwise it would be the largest one by another name.
    if (percent < 100 && count * (100 - percent) < 100) return std::nullopt;
    return static_cast<double>(latency_ns.Percentile(percent));
  };
  sample.calls = count;
  sample.call_p50_ns = percentile(50);
  sample.call_p90_ns = percentile(90);
  sample.call_p99_ns = percentile(99);
  sample.call_p999_ns = percentile(99.9);
  sample.call_p9999_ns = percentile(99.99);
  sample.call_max_ns = percentile(100);
}

}  // namespace

struct Arm::Snapshot {
  v1::GetStatusResponse status;
  ProcessCpu cpu;
};

absl::StatusOr<std::unique_ptr<Arm>> Arm::Start(const Strategy& strategy,
                                                v1::ReadSection section,
                                                const std::string& server_binary,
                                                const Dataset& dataset) {
  std::vector<std::string> flags = strategy.flags;
  flags.push_back(FlagOf(section));
  absl::StatusOr<std::unique_ptr<ServerProcess>> server =
      ServerProcess::Start(server_binary, flags);
  if (!server.ok()) {
    return absl::Status(server.status().code(),
                        absl::StrFormat("strategy %s: the server does not start: %s",
                                        strategy.name, server.status().message()));
  }
  std::unique_ptr<Arm> arm(new Arm(strategy, section, dataset, *std::move(server)));
  absl::Status status = arm->Connect();
  if (status.ok()) status = arm->CheckStrategy();
  if (!status.ok()) return arm->Explain(status);
  return arm;
}

absl::Status Arm::Explain(const absl::Status& status) {
  // A server that was interrupted while it worked may have cut the answer off.
  if (Interrupted() && !absl::IsDataLoss(status)) return InterruptedError();
  const absl::Status explained = server_->Explain(status);
  return absl::Status(explained.code(), absl::StrFormat("strategy %s: %s", strategy_.name,
                                                        explained.message()));
}

absl::Status Arm::Connect() {
  const ClientOptions options = {.call_timeout = kCallTimeout};
  absl::StatusOr<std::unique_ptr<Client>> client =
      Client::Connect(server_->addresses().data, options);
  if (!client.ok()) return client.status();
  client_ = *std::move(client);
  absl::StatusOr<std::unique_ptr<AdminClient>> admin =
      AdminClient::Connect(server_->addresses().admin, options);
  if (!admin.ok()) return admin.status();
  admin_ = *std::move(admin);
  return absl::OkStatus();
}

absl::Status Arm::CheckStrategy() const {
  const absl::StatusOr<v1::GetStatusResponse> status = admin_->GetStatus();
  if (!status.ok()) return status.status();
  if (status->flavor() == strategy_.flavor &&
      status->membarrier_mode() == strategy_.membarrier_mode &&
      status->read_section() == section_) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrFormat(
      "the server runs with flavor %s, membarrier mode %s and %s instead; leave the "
      "strategy out with --strategies=",
      v1::Flavor_Name(status->flavor()),
      v1::MembarrierMode_Name(status->membarrier_mode()),
      v1::ReadSection_Name(status->read_section())));
}

absl::Status Arm::Load() {
  BulkWriter writer(*client_);
  const auto put = [&](size_t index) {
    return writer.Put(dataset_.key(index), dataset_.Value(index, writes_.newest()));
  };
  const absl::Status status = Fill(writer, 0, dataset_.size(), put, [](size_t) {});
  return status.ok() ? status : Explain(status);
}

absl::StatusOr<Arm::Snapshot> Arm::TakeSnapshot() const {
  absl::StatusOr<v1::GetStatusResponse> status = admin_->GetStatus();
  if (!status.ok()) return status.status();
  const absl::StatusOr<ProcessCpu> cpu = CpuOfProcess(status->pid());
  if (!cpu.ok()) return cpu.status();
  return Snapshot{.status = *std::move(status), .cpu = *cpu};
}

absl::Status Arm::SetReclaim(Reclaim reclaim) {
  if (reclaim == reclaim_) return absl::OkStatus();
  v1::UpdateReclamationRequest request;
  request.set_reclaim_mode(reclaim == Reclaim::kCallRcu ? v1::CALL_RCU : v1::SYNCHRONIZE);
  const auto response = admin_->UpdateReclamation(request);
  if (response.ok()) reclaim_ = reclaim;
  return response.status();
}

absl::StatusOr<double> Arm::WhileWriting(const WritesMeanwhile& writes,
                                         absl::FunctionRef<absl::Status()> load) {
  if (absl::Status status = SetReclaim(writes.reclaim); !status.ok()) return status;
  PacedWriter writer(*client_, dataset_, writes_, writes.writer);
  absl::Status status = load();
  const absl::StatusOr<PacedWriterResult> written = writer.Stop();
  status.Update(written.status());
  if (Interrupted()) return InterruptedError();
  if (!status.ok()) return status;
  if (written->seconds == 0) return 0;
  return static_cast<double>(written->writes) / written->seconds;
}

absl::StatusOr<Sample> Arm::MeasureCalls(const CallsLoad& load) {
  absl::StatusOr<Sample> sample = TryCalls(load);
  if (!sample.ok()) return Explain(sample.status());
  return sample;
}

absl::StatusOr<Sample> Arm::TryCalls(const CallsLoad& load) {
  const absl::StatusOr<std::unique_ptr<BatchGetLoad>> calls =
      BatchGetLoad::Connect(server_->addresses().data, load.calls, dataset_, writes_);
  if (!calls.ok()) return calls.status();

  absl::StatusOr<Snapshot> before, after;
  absl::StatusOr<BatchGetResult> warm_up, result;
  const absl::StatusOr<double> writes_per_second = WhileWriting(load.writes, [&] {
    warm_up = (*calls)->Run(std::min(kLongestWarmUp, load.duration / 2));
    if (!warm_up.ok()) return warm_up.status();
    if (before = TakeSnapshot(); !before.ok()) return before.status();
    if (result = (*calls)->Run(load.duration); !result.ok()) return result.status();
    after = TakeSnapshot();
    return after.status();
  });
  if (!writes_per_second.ok()) {
    // Those of the one that failed are in its error.
    absl::Status error = writes_per_second.status();
    for (const auto* const until_then : {&warm_up, &result}) {
      if (until_then->ok()) error = WithWrongAnswers(error, **until_then);
    }
    return error;
  }

  Sample sample;
  const auto reads = static_cast<double>(result->reads);
  sample.reads_per_second = reads / result->seconds;
  sample.cpu_ns_per_read =
      (after->status.process_cpu_seconds() - before->status.process_cpu_seconds()) * 1e9 /
      reads;
  sample.writes_per_second = *writes_per_second;
  AddLatencies(result->latency_ns, sample);
  sample.client_busy = result->busy();
  AddGracePeriods(before->status.grace_periods(), after->status.grace_periods(), sample);
  if (UsesMembarrier(strategy_)) {
    sample.expedited_per_second =
        static_cast<double>(ExpeditedCalls(after->status) -
                            ExpeditedCalls(before->status)) /
        (after->status.uptime_seconds() - before->status.uptime_seconds());
  }
  sample.server_user_seconds = after->cpu.user_seconds - before->cpu.user_seconds;
  sample.server_system_seconds = after->cpu.system_seconds - before->cpu.system_seconds;
  // Wrong answers are wrong, warm-up or not.
  result->Merge(*warm_up);
  sample.reads = result->reads;
  sample.wrong = result->wrong;
  sample.first_wrong = result->first_wrong;
  return sample;
}

absl::StatusOr<v1::RunLookupsResponse> Arm::RunLookups(
    const v1::RunLookupsRequest& request) {
  auto response =
      std::async(std::launch::async, [&] { return admin_->RunLookups(request); });
  while (response.wait_for(kInterruptPoll) != std::future_status::ready) {
    if (Interrupted()) server_->Stop(kPatienceAfterInterrupt);
  }
  return response.get();
}

absl::StatusOr<Sample> Arm::MeasureLookups(const LookupsLoad& load) {
  absl::StatusOr<Sample> sample = TryLookups(load);
  if (!sample.ok()) return Explain(sample.status());
  return sample;
}

absl::StatusOr<Sample> Arm::TryLookups(const LookupsLoad& load) {
  absl::StatusOr<v1::RunLookupsResponse> response;
  const absl::StatusOr<double> writes_per_second = WhileWriting(load.writes, [&] {
    response = RunLookups(load.lookups);
    return response.status();
  });
  if (!writes_per_second.ok()) return writes_per_second.status();

  Sample sample;
  sample.reads_per_second = response->reads_per_second();
  sample.cpu_ns_per_read = response->reader_ns_per_read();
  sample.writes_per_second = *writes_per_second;
  sample.reads = response->lookups();
  sample.wrong = response->lookups() - response->hits();
  if (sample.wrong > 0) {
    sample.first_wrong = "RunLookups: a key of the table was not found";
  }
  return sample;
}

}  // namespace rcukv::loadtest
