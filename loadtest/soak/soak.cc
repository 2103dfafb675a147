#include "loadtest/soak/soak.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "clients/cpp/admin_client.h"
#include "clients/cpp/client.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/text_table.h"
#include "loadtest/process/resident_memory.h"
#include "loadtest/process/server_process.h"
#include "loadtest/soak/soak_data.h"
#include "loadtest/soak/soak_load.h"
#include "loadtest/soak/soak_report.h"
#include "loadtest/soak/soak_writer.h"

namespace rcukv::loadtest {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(30);
constexpr absl::Duration kLongestInterval = absl::Seconds(1);
// Short soaks are looked at more often, so that there is a verdict.
constexpr int kMinSamples = 20;
constexpr size_t kProgressLines = 10;

void Progress(const std::string& line) { absl::FPrintF(stderr, "%s\n", line); }

std::string Describe(const v1::GetStatusResponse& status) {
  std::string words = v1::Flavor_Name(status.flavor());
  if (status.membarrier_mode() != v1::MEMBARRIER_MODE_UNSPECIFIED) {
    words += ", " + v1::MembarrierMode_Name(status.membarrier_mode());
  }
  return words + ", " + v1::ReclaimMode_Name(status.reclaim_mode());
}

// What the server says of itself; the rest of the sample is left as it is.
void SetFigures(const v1::GetStatusResponse& status, SoakSample& sample) {
  sample.allocated_bytes = status.memory().allocated_bytes();
  sample.allocator_resident_bytes = status.memory().resident_bytes();
  sample.kept_bytes = status.memory().kept_bytes();
  sample.backlog_bytes = status.backlog().bytes();
  for (const v1::TableInfo& table : status.tables()) {
    sample.entries += table.entries();
    sample.entry_bytes += table.bytes();
    sample.bucket_bytes += table.bucket_bytes();
  }
}

// One run, on one server.
class Soak {
 public:
  Soak(const SoakOptions& options, std::unique_ptr<ServerProcess> server)
      : data_(static_cast<uint64_t>(options.seed), static_cast<size_t>(options.entries)),
        server_(std::move(server)) {
    result_.options = options;
  }

  // OK as well where the program was interrupted meanwhile.
  absl::Status Prepare();
  // After Prepare(), once.
  absl::StatusOr<SoakResult> Run();

 private:
  absl::Status Fill();
  void SampleUntilTheEnd(const SoakLoad& load);
  absl::StatusOr<SoakSample> TakeSample(const SoakLoad& load, absl::Time start);

  const SoakData data_;
  const std::unique_ptr<ServerProcess> server_;
  std::unique_ptr<AdminClient> admin_;
  SoakResult result_;
};

absl::Status Soak::Prepare() {
  absl::StatusOr<std::unique_ptr<AdminClient>> admin =
      AdminClient::Connect(server_->addresses().admin, {.call_timeout = kCallTimeout});
  if (!admin.ok()) return server_->Explain(admin.status());
  admin_ = *std::move(admin);
  const absl::StatusOr<v1::GetStatusResponse> status = admin_->GetStatus();
  if (!status.ok()) return server_->Explain(status.status());
  result_.server = Describe(*status);
  const absl::Status filled = Fill();
  if (filled.ok() || Interrupted()) return absl::OkStatus();
  return server_->Explain(
      absl::Status(filled.code(),
                   absl::StrFormat("the server cannot be filled: %s", filled.message())));
}

absl::Status Soak::Fill() {
  const absl::StatusOr<std::unique_ptr<Client>> client =
      Client::Connect(server_->addresses().data, {.call_timeout = kCallTimeout});
  if (!client.ok()) return client.status();
  const size_t step = std::max<size_t>(1, data_.keys() / kProgressLines);
  size_t next = 0;
  return FillForSoak(**client, data_, [&](size_t filled) {
    if (filled < next) return;
    Progress(absl::StrFormat("filling the server: %s of %s keys", GroupedNumber(filled),
                             GroupedNumber(data_.keys())));
    next = filled + step;
  });
}

absl::StatusOr<SoakSample> Soak::TakeSample(const SoakLoad& load, absl::Time start) {
  const absl::StatusOr<v1::GetStatusResponse> status = admin_->GetStatus();
  if (!status.ok()) return status.status();
  const absl::StatusOr<uint64_t> resident =
      ResidentBytes(static_cast<pid_t>(status->pid()));
  if (!resident.ok()) return resident.status();
  SoakSample sample;
  sample.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  sample.counts = load.tally().counts();
  sample.resident_bytes = *resident;
  SetFigures(*status, sample);
  return sample;
}

void Soak::SampleUntilTheEnd(const SoakLoad& load) {
  const absl::Duration duration = result_.options.duration;
  const absl::Duration interval = std::min(kLongestInterval, duration / kMinSamples);
  const absl::Time start = absl::Now();
  absl::Duration next_progress = duration / kProgressLines;
  for (absl::Time next = start + interval; next <= start + duration; next += interval) {
    if (SleepUnlessInterrupted(next - absl::Now())) return;
    result_.failure = load.tally().failure();
    if (!result_.failure.ok()) return;
    const absl::StatusOr<SoakSample> sample = TakeSample(load, start);
    result_.failure = sample.status();
    if (!sample.ok()) return;
    result_.samples.push_back(*sample);
    if (next - start < next_progress) continue;
    Progress(RenderSoakProgress(result_));
    next_progress += duration / kProgressLines;
  }
}

absl::StatusOr<SoakResult> Soak::Run() {
  result_.interrupted = Interrupted();
  // Half filled: not what the readers expect.
  if (result_.interrupted) return std::move(result_);
  absl::StatusOr<std::unique_ptr<SoakLoad>> load =
      SoakLoad::Start(server_->addresses().data, result_.options, data_);
  if (!load.ok()) return server_->Explain(load.status());
  SampleUntilTheEnd(**load);
  (*load)->Stop();
  const SoakTally& tally = (*load)->tally();
  result_.counts = tally.counts();
  result_.first_wrong = tally.first_wrong();
  result_.interrupted = Interrupted();
  // The last calls may fail as well.
  result_.failure.Update(tally.failure());
  result_.failure = server_->Explain(result_.failure);
  return std::move(result_);
}

}  // namespace

absl::StatusOr<SoakResult> RunSoak(const SoakOptions& options) {
  absl::StatusOr<std::unique_ptr<ServerProcess>> server =
      ServerProcess::Start(options.server_binary, ServerFlags(options));
  if (!server.ok()) {
    return absl::Status(
        server.status().code(),
        absl::StrFormat("the server does not start: %s", server.status().message()));
  }
  Soak soak(options, *std::move(server));
  const absl::Status status = soak.Prepare();
  if (!status.ok()) return status;
  return soak.Run();
}

}  // namespace rcukv::loadtest
