#include "loadtest/flip/flip.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "loadtest/base/interrupt.h"
#include "loadtest/base/text_table.h"
#include "loadtest/compare/progress.h"
#include "loadtest/flip/flip_load.h"
#include "loadtest/flip/flip_server.h"
#include "loadtest/flip/flip_timeline.h"
#include "loadtest/flip/function_call_interrupts.h"
#include "loadtest/flip/setting_switch.h"
#include "loadtest/workload/load_phase.h"

namespace rcukv::loadtest {
namespace {

// Load before the first phase: connections, caches.
constexpr absl::Duration kLongestWarmUp = absl::Seconds(1);
constexpr size_t kFillLines = 10;
constexpr size_t kKeyBytes = 24;

Records RecordsOf(const FlipOptions& options) {
  const auto value_bytes = static_cast<size_t>(options.value_bytes);
  return Records(static_cast<uint64_t>(options.seed),
                 Sizes(Sizes::kFixed, {kKeyBytes, kKeyBytes}),
                 Sizes(Sizes::kFixed, {value_bytes, value_bytes}));
}

size_t PhasesOf(const FlipOptions& options) {
  return options.settings.size() * static_cast<size_t>(options.rounds);
}

std::string Describe(const v1::GetStatusResponse& status) {
  return absl::StrFormat("flavor %s, version %s, %d serving thread%s; began with %s",
                         v1::Flavor_Name(status.flavor()), status.version(),
                         status.threads(), status.threads() == 1 ? "" : "s",
                         NameOf(SettingOf(status)));
}

// One flip, on a server that can be reached.
class Flip {
 public:
  Flip(const FlipOptions& options, std::unique_ptr<FlipServer> server)
      : server_(std::move(server)),
        settings_(server_->source()),
        records_(RecordsOf(options)),
        progress_(PhasesOf(options)) {
    result_.options = options;
  }

  // An error: the server is not one that can be switched.
  absl::Status Prepare();
  // After Prepare(), once.
  FlipResult Run();

 private:
  size_t entries() const { return static_cast<size_t>(result_.options.entries); }

  // Returns a revision that no entry is older than.
  absl::StatusOr<uint64_t> Fill();
  // Whether the two addresses are of one server: what was written to the first is known
  // to the second.
  absl::Status CheckAddresses(uint64_t revision);
  absl::Status FillAndSwitch();
  absl::Status SwitchUnderLoad(uint64_t revision);
  void PhaseEnded(const FlipPhase& phase);

  const std::unique_ptr<FlipServer> server_;
  SettingSwitch settings_;
  const Records records_;
  Progress progress_;
  // Of the server, before anything was written.
  uint64_t first_revision_ = 0;
  FlipResult result_;
};

absl::Status Flip::Prepare() {
  const absl::StatusOr<v1::GetStatusResponse> status = settings_.Begin();
  if (!status.ok()) return server_->Explain(status.status());
  result_.server = Describe(*status);
  first_revision_ = status->revision();
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> Flip::Fill() {
  const size_t step = std::max<size_t>(1, entries() / kFillLines);
  size_t next = step;
  progress_.Say(absl::StrFormat("filling table %s with %s keys", result_.options.table,
                                GroupedNumber(entries())));
  const absl::StatusOr<uint64_t> revision =
      FillTable(server_->writes(), records_, entries(), [&](size_t filled) {
        if (filled < next) return;
        progress_.Say(absl::StrFormat("  %s of %s", GroupedNumber(filled),
                                      GroupedNumber(entries())));
        next = filled + step;
      });
  if (revision.ok()) return revision;
  return absl::Status(
      revision.status().code(),
      absl::StrFormat("--table=%s cannot be filled: %s", result_.options.table,
                      revision.status().message()));
}

absl::Status Flip::CheckAddresses(uint64_t revision) {
  const absl::StatusOr<v1::GetStatusResponse> status = server_->source().GetStatus();
  if (!status.ok()) return status.status();
  if (first_revision_ < revision && revision <= status->revision()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrFormat(
      "--admin_address=%s is of another server: what was written to --address is not "
      "among its revisions; give both addresses of one server",
      result_.options.admin_address));
}

absl::Status Flip::SwitchUnderLoad(uint64_t revision) {
  const FlipOptions& options = result_.options;
  FlipLoad load(options, records_, server_->reads(), server_->writes(), revision);
  SleepUnlessInterrupted(std::min(options.duration, kLongestWarmUp));
  progress_.Start();
  FlipTimeline timeline({.source = server_->source(),
                         .settings = settings_,
                         .reads = load.reads(),
                         .writes = load.writes(),
                         .tally = load.tally(),
                         .interrupts = FunctionCallInterrupts,
                         .ended = [this](const FlipPhase& phase) { PhaseEnded(phase); }});
  absl::Status status = timeline.Run(result_);
  load.Stop();
  result_.reads += load.reads().Take()->count();
  result_.writes += load.writes().Take()->count();
  result_.wrong = load.tally().wrong();
  result_.first_wrong = load.tally().first_wrong();
  status.Update(load.tally().failure());
  return status;
}

void Flip::PhaseEnded(const FlipPhase& phase) {
  const FlipOptions& options = result_.options;
  progress_.Advance(NameOf(options.settings[phase.setting]) + " has ended");
  if (result_.phases.size() % options.settings.size() != 0) return;
  progress_.EndRound(static_cast<int64_t>(phase.round), options.rounds);
}

absl::Status Flip::FillAndSwitch() {
  const absl::StatusOr<uint64_t> revision = Fill();
  if (Interrupted()) return absl::OkStatus();
  if (!revision.ok()) return revision.status();
  const absl::Status status = CheckAddresses(*revision);
  if (!status.ok()) return status;
  return SwitchUnderLoad(*revision);
}

FlipResult Flip::Run() {
  const absl::Status status = FillAndSwitch();
  result_.interrupted = Interrupted();
  result_.failure = server_->Explain(status);
  if (!server_->is_own()) {
    result_.restore_failure = server_->Explain(settings_.Restore());
  }
  return std::move(result_);
}

}  // namespace

absl::StatusOr<FlipResult> RunFlip(const FlipOptions& options) {
  absl::StatusOr<std::unique_ptr<FlipServer>> server = FlipServer::Reach(options);
  if (!server.ok()) return server.status();
  Flip flip(options, *std::move(server));
  const absl::Status status = flip.Prepare();
  if (!status.ok()) return status;
  return flip.Run();
}

}  // namespace rcukv::loadtest
