#include "loadtest/compare/arm.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "clients/cpp/bulk_writer.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/compare/batch_get_load.h"
#include "loadtest/compare/paced_writer.h"

namespace rcukv::loadtest {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(30);
// Connections are new in each turn: time for both sides to get going.
constexpr absl::Duration kWarmUp = absl::Milliseconds(150);
constexpr std::chrono::milliseconds kInterruptPoll{20};
// A server that is to stop in the middle of a load is not given much time to finish it.
constexpr absl::Duration kPatienceAfterInterrupt = absl::Seconds(1);

absl::Status InterruptedError() { return absl::CancelledError("interrupted"); }

// Calls of membarrier that interrupt other CPUs.
uint64_t ExpeditedCalls(const v1::GetStatusResponse& status) {
  return status.membarrier().expedited_calls() +
         status.membarrier().global_expedited_calls();
}

GracePeriodSample ToSample(const v1::GetStatusResponse& before,
                           const v1::GetStatusResponse& after) {
  const v1::GracePeriods& periods = after.grace_periods();
  const auto expedited =
      static_cast<double>(ExpeditedCalls(after) - ExpeditedCalls(before));
  return {.completed = periods.completed() - before.grace_periods().completed(),
          .p50_ns = static_cast<double>(periods.recent_p50_ns()),
          .max_ns = static_cast<double>(periods.recent_max_ns()),
          .expedited_per_second =
              expedited / (after.uptime_seconds() - before.uptime_seconds())};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Arm>> Arm::Start(const Strategy& strategy,
                                                const std::string& server_binary,
                                                const Dataset& dataset) {
  absl::StatusOr<std::unique_ptr<ServerProcess>> server =
      ServerProcess::Start(server_binary, strategy.flags);
  if (!server.ok()) {
    return absl::Status(server.status().code(),
                        absl::StrFormat("strategy %s: the server does not start: %s",
                                        strategy.name, server.status().message()));
  }
  std::unique_ptr<Arm> arm(new Arm(strategy, dataset, *std::move(server)));
  absl::Status status = arm->Connect();
  if (status.ok()) status = arm->CheckStrategy();
  if (!status.ok()) return arm->Explain(status);
  return arm;
}

absl::Status Arm::Explain(const absl::Status& status) {
  // A server that was interrupted while it worked may have cut the answer off.
  if (Interrupted()) return InterruptedError();
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
      status->membarrier_mode() == strategy_.membarrier_mode) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrFormat(
      "the server runs with flavor %s and membarrier mode %s instead; leave the strategy "
      "out with --strategies=",
      v1::Flavor_Name(status->flavor()),
      v1::MembarrierMode_Name(status->membarrier_mode())));
}

absl::Status Arm::PutAll() {
  BulkWriter writer(*client_);
  const uint64_t generation = writes_.newest();
  for (size_t index = 0; index < dataset_.size() && !Interrupted(); ++index) {
    if (!writer.Put(dataset_.key(index), dataset_.Value(index, generation))) break;
  }
  writer.Flush();
  const std::vector<BulkWriter::Failure> failures = writer.TakeFailures();
  if (!failures.empty()) return failures.front().status;
  return Interrupted() ? InterruptedError() : absl::OkStatus();
}

absl::Status Arm::Load() {
  const absl::Status status = PutAll();
  return status.ok() ? status : Explain(status);
}

absl::StatusOr<Sample> Arm::Measure(const CompareOptions& options, uint64_t seed) {
  absl::StatusOr<Sample> sample = MeasureAll(options, seed);
  if (!sample.ok()) return Explain(sample.status());
  return sample;
}

absl::StatusOr<Sample> Arm::MeasureAll(const CompareOptions& options, uint64_t seed) {
  Sample sample;
  const absl::Status grpc = MeasureGrpc(options, seed, sample);
  if (!grpc.ok()) return grpc;
  for (size_t way = 0; way < kSections.size(); ++way) {
    const auto lookups = MeasureLookups(options, seed, kSections[way].per_key, sample);
    if (!lookups.ok()) return lookups.status();
    sample.lookups[way] = *lookups;
  }
  return sample;
}

absl::StatusOr<double> Arm::WhileWriting(const CompareOptions& options, uint64_t seed,
                                         absl::FunctionRef<absl::Status()> load) {
  PacedWriter writer(*client_, dataset_, writes_,
                     {.writes_per_second = options.writes_per_second, .seed = ~seed});
  absl::Status status = load();
  const absl::StatusOr<PacedWriterResult> written = writer.Stop();
  status.Update(written.status());
  if (Interrupted()) return InterruptedError();
  if (!status.ok()) return status;
  if (written->seconds == 0) return 0;
  return static_cast<double>(written->writes) / written->seconds;
}

absl::Status Arm::MeasureGrpc(const CompareOptions& options, uint64_t seed,
                              Sample& sample) {
  const absl::StatusOr<std::unique_ptr<BatchGetLoad>> load =
      BatchGetLoad::Connect(server_->addresses().data,
                            {.connections = static_cast<int>(options.connections),
                             .calls_in_flight = static_cast<int>(options.in_flight),
                             .batch_keys = static_cast<int>(options.batch),
                             .seed = seed},
                            dataset_, writes_);
  if (!load.ok()) return load.status();

  absl::StatusOr<v1::GetStatusResponse> before, after;
  absl::StatusOr<BatchGetResult> warm_up, result;
  const absl::StatusOr<double> writes_per_second = WhileWriting(options, seed, [&] {
    if (warm_up = (*load)->Run(kWarmUp); !warm_up.ok()) return warm_up.status();
    if (before = admin_->GetStatus(); !before.ok()) return before.status();
    if (result = (*load)->Run(absl::Seconds(options.seconds)); !result.ok()) {
      return result.status();
    }
    after = admin_->GetStatus();
    return after.status();
  });
  if (!writes_per_second.ok()) return writes_per_second.status();

  const double server_cpu_seconds =
      after->process_cpu_seconds() - before->process_cpu_seconds();
  const auto reads = static_cast<double>(result->reads);
  sample.grpc = {
      .reads_per_second = reads / result->seconds,
      .latency_p50_ns = static_cast<double>(result->latency_ns.Percentile(50)),
      .latency_p99_ns = static_cast<double>(result->latency_ns.Percentile(99)),
      .server_cpu_ns_per_read = server_cpu_seconds * 1e9 / reads,
      .writes_per_second = *writes_per_second,
  };
  sample.grace_periods = ToSample(*before, *after);
  // Wrong answers are wrong, warm-up or not.
  result->Merge(*warm_up);
  sample.reads += result->reads;
  sample.wrong += result->wrong;
  sample.first_wrong = result->first_wrong;
  return absl::OkStatus();
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

absl::StatusOr<LookupSample> Arm::MeasureLookups(const CompareOptions& options,
                                                 uint64_t seed, uint32_t sections_per_key,
                                                 Sample& sample) {
  v1::RunLookupsRequest request;
  request.set_duration_ms(static_cast<uint32_t>(options.seconds * 1000));
  request.set_batch_size(static_cast<uint32_t>(options.batch));
  request.set_sections_per_key(sections_per_key);
  request.set_distinct_keys(static_cast<uint32_t>(options.distinct_keys));

  absl::StatusOr<v1::RunLookupsResponse> response;
  const absl::StatusOr<double> writes_per_second = WhileWriting(options, seed, [&] {
    response = RunLookups(request);
    return response.status();
  });
  if (!writes_per_second.ok()) return writes_per_second.status();

  sample.reads += response->lookups();
  const uint64_t misses = response->lookups() - response->hits();
  sample.wrong += misses;
  if (misses > 0 && sample.first_wrong.empty()) {
    sample.first_wrong = "RunLookups: a key of the table was not found";
  }
  return LookupSample{.reads_per_second = response->reads_per_second(),
                      .ns_per_read = response->reader_ns_per_read(),
                      .writes_per_second = *writes_per_second};
}

}  // namespace rcukv::loadtest
