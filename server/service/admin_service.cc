#include "server/service/admin_service.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "rcu/domain_stats.h"
#include "rcu/entry.h"
#include "rcu/holdout.h"
#include "rcu/latency_histogram.h"
#include "rcu/membarrier.h"
#include "server/service/allocator_stats.h"
#include "server/service/backup_path.h"
#include "server/service/grpc_status.h"
#include "server/service/version.h"

namespace rcukv {
namespace {

double ProcessCpuSeconds() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// What a string of a message may be. A directory may have any name.
std::string Utf8(const std::string& text) {
  const bool is_ascii = std::all_of(text.begin(), text.end(), absl::ascii_isascii);
  return is_ascii ? text : absl::CEscape(text);
}

v1::MembarrierMode ToProto(rcu::MembarrierMode mode) {
  return static_cast<v1::MembarrierMode>(mode);
}

v1::ReclaimMode ToProto(ReclaimMode mode) { return static_cast<v1::ReclaimMode>(mode); }

v1::ReadSection ToProto(ReadSection section) {
  return section == ReadSection::kPerBatch ? v1::SECTION_PER_BATCH : v1::SECTION_PER_KEY;
}

void FillLatency(const rcu::LatencyHistogram& latency, v1::GracePeriods* grace_periods) {
  for (size_t i = 0; i < latency.kBuckets; ++i) {
    v1::LatencyBucket* bucket = grace_periods->add_latency();
    if (i + 1 < latency.kBuckets) bucket->set_upper_bound_ns(latency.BoundNs(i));
    bucket->set_count(latency.counts[i]);
  }
  grace_periods->set_latency_sum_ns(latency.sum_ns);
}

void FillGracePeriods(const rcu::DomainStats& stats,
                      const std::optional<rcu::Holdout>& last_holdout,
                      v1::GracePeriods* grace_periods) {
  grace_periods->set_completed(stats.grace_periods);
  grace_periods->set_last_ns(stats.last_ns);
  grace_periods->set_recent_p50_ns(stats.recent_p50_ns);
  grace_periods->set_recent_max_ns(stats.recent_max_ns);
  grace_periods->set_max_ns(stats.max_ns);
  FillLatency(stats.latency, grace_periods);
  grace_periods->set_holdouts(stats.holdouts);
  if (!last_holdout.has_value()) return;
  v1::Holdout* holdout = grace_periods->mutable_last_holdout();
  holdout->set_thread_name(last_holdout->thread_name);
  holdout->set_tid(last_holdout->tid);
  holdout->set_waited_ns(static_cast<uint64_t>(last_holdout->waited.count()));
}

void FillDomain(const Protection& protection, v1::GetStatusResponse* response) {
  const rcu::DomainStats stats = protection.Stats();
  FillGracePeriods(stats, protection.LastHoldout(), response->mutable_grace_periods());
  v1::Backlog* backlog = response->mutable_backlog();
  backlog->set_entries(stats.backlog_objects);
  backlog->set_bytes(stats.backlog_bytes);
  backlog->set_limit_bytes(stats.backlog_limit_bytes);
  response->set_readers(stats.readers);
}

void FillMembarrier(uint64_t expedited_budget, v1::Membarrier* membarrier) {
  const rcu::MembarrierCalls calls = rcu::CountMembarrierCalls();
  membarrier->set_expedited_calls(calls.expedited);
  membarrier->set_non_expedited_calls(calls.non_expedited);
  membarrier->set_global_expedited_calls(calls.global_expedited);
  membarrier->set_expedited_budget(expedited_budget);
}

void FillMemory(v1::Memory* memory) {
  memory->set_kept_bytes(rcu::Entry::kept_bytes());
  const AllocatorStats stats = ReadAllocatorStats();
  memory->set_allocated_bytes(stats.allocated_bytes);
  memory->set_resident_bytes(stats.resident_bytes);
  memory->set_process_resident_bytes(ProcessResidentBytes());
}

// Response: GetStatusResponse or ListTablesResponse.
template <typename Response>
void FillTables(const TableDirectory& directory, Response* response) {
  for (const TableDirectory::TableInfo& table : directory.List()) {
    v1::TableInfo* info = response->add_tables();
    info->set_name(table.name);
    info->set_entries(table.size.entries);
    info->set_bytes(table.size.bytes);
    info->set_bucket_bytes(table.size.bucket_bytes);
  }
}

absl::StatusOr<rcu::MembarrierMode> FromProto(v1::MembarrierMode mode) {
  switch (mode) {
    case v1::EXPEDITED:
      return rcu::MembarrierMode::kExpedited;
    case v1::NON_EXPEDITED:
      return rcu::MembarrierMode::kNonExpedited;
    case v1::GLOBAL_EXPEDITED:
      return rcu::MembarrierMode::kGlobalExpedited;
    case v1::ADAPTIVE:
      return rcu::MembarrierMode::kAdaptive;
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          "membarrier_mode: ", static_cast<int>(mode),
          " is none; EXPEDITED is 1, NON_EXPEDITED 2, GLOBAL_EXPEDITED 3, ADAPTIVE 4"));
  }
}

absl::StatusOr<ReclaimMode> FromProto(v1::ReclaimMode mode) {
  switch (mode) {
    case v1::CALL_RCU:
      return ReclaimMode::kCallRcu;
    case v1::SYNCHRONIZE:
      return ReclaimMode::kSynchronize;
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("reclaim_mode: ", static_cast<int>(mode),
                       " is none; CALL_RCU is 1, ", "SYNCHRONIZE is 2"));
  }
}

// One field of RunLookupsRequest: its range, and what 0 stands for.
struct LoadField {
  std::string_view name;
  uint32_t value;
  uint32_t max;
  uint32_t if_zero;
  uint32_t* into;
};

absl::StatusOr<LookupLoad> ToLoad(const v1::RunLookupsRequest& request) {
  constexpr uint32_t kMaxThreads = 64;
  const uint32_t cores =
      std::clamp<uint32_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
  LookupLoad load;
  const LoadField fields[] = {
      {"threads", request.threads(), kMaxThreads, cores, &load.threads},
      {"duration_ms", request.duration_ms(), 60'000, 1'000, &load.duration_ms},
      {"batch_size", request.batch_size(), 10'000, 128, &load.batch_size},
      {"sections_per_key", request.sections_per_key(), 1'000, 0, &load.sections_per_key},
      {"distinct_keys", request.distinct_keys(), 1'000'000, 100'000, &load.distinct_keys},
  };
  for (const LoadField& field : fields) {
    if (field.value > field.max) {
      return absl::InvalidArgumentError(absl::StrCat(
          std::string(field.name), ": ", field.value, ", the limit is ", field.max));
    }
    *field.into = field.value == 0 ? field.if_zero : field.value;
  }
  return load;
}

void FillReport(const LookupReport& report, v1::RunLookupsResponse* response) {
  const double seconds = 1e-9 * static_cast<double>(report.wall_ns);
  const auto lookups = static_cast<double>(report.lookups);
  response->set_lookups(report.lookups);
  response->set_hits(report.hits);
  response->set_seconds(seconds);
  if (seconds > 0) response->set_reads_per_second(lookups / seconds);
  if (report.lookups > 0) {
    response->set_reader_ns_per_read(static_cast<double>(report.reader_cpu_ns) / lookups);
  }
}

}  // namespace

void AdminServiceImpl::Stop() {
  // relaxed: a signal to stop; nothing is published through it.
  stopping_.store(true, std::memory_order_relaxed);
}

grpc::Status AdminServiceImpl::GetStatus(grpc::ServerContext*,
                                         const v1::GetStatusRequest*,
                                         v1::GetStatusResponse* response) {
  const std::chrono::duration<double> uptime = std::chrono::steady_clock::now() - start_;
  response->set_version(std::string(kVersion));
  response->set_flavor(static_cast<v1::Flavor>(context_.protection->flavor()));
  response->set_membarrier_mode(ToProto(context_.protection->membarrier_mode()));
  response->set_reclaim_mode(ToProto(context_.store->reclaim_mode()));
  FillDomain(*context_.protection, response);
  FillMembarrier(context_.expedited_budget, response->mutable_membarrier());
  FillTables(*context_.directory, response);
  response->set_revision(context_.store->revision());
  response->set_uptime_seconds(uptime.count());
  response->set_process_cpu_seconds(ProcessCpuSeconds());
  FillMemory(response->mutable_memory());
  response->set_calls(context_.answered_calls());
  response->set_read_section(ToProto(context_.read_section));
  response->set_threads(context_.threads);
  response->set_store(std::string(context_.store->name()));
  response->set_write_failure(Utf8(context_.store->failure()));
  response->set_pid(getpid());
  return grpc::Status::OK;
}

grpc::Status AdminServiceImpl::UpdateReclamation(
    grpc::ServerContext*, const v1::UpdateReclamationRequest* request,
    v1::UpdateReclamationResponse* response) {
  return ToGrpcStatus(UpdateReclamation(*request, response));
}

// Checks everything before it changes anything.
absl::Status AdminServiceImpl::UpdateReclamation(
    const v1::UpdateReclamationRequest& request,
    v1::UpdateReclamationResponse* response) {
  std::lock_guard lock(reclamation_mutex_);
  const rcu::MembarrierMode previous_mode = context_.protection->membarrier_mode();
  ReclaimMode reclaim = context_.store->reclaim_mode();
  response->set_previous_membarrier_mode(ToProto(previous_mode));
  response->set_previous_reclaim_mode(ToProto(reclaim));
  if (request.reclaim_mode() != v1::RECLAIM_MODE_UNSPECIFIED) {
    const absl::StatusOr<ReclaimMode> asked = FromProto(request.reclaim_mode());
    if (!asked.ok()) return asked.status();
    reclaim = *asked;
  }
  if (request.membarrier_mode() != v1::MEMBARRIER_MODE_UNSPECIFIED) {
    const absl::StatusOr<rcu::MembarrierMode> asked =
        FromProto(request.membarrier_mode());
    if (!asked.ok()) return asked.status();
    const absl::Status set = context_.protection->SetMembarrierMode(*asked);
    if (!set.ok()) return set;
  }
  context_.store->SetReclaimMode(reclaim);
  return absl::OkStatus();
}

grpc::Status AdminServiceImpl::ListTables(grpc::ServerContext*,
                                          const v1::ListTablesRequest*,
                                          v1::ListTablesResponse* response) {
  FillTables(*context_.directory, response);
  return grpc::Status::OK;
}

grpc::Status AdminServiceImpl::CreateTable(grpc::ServerContext*,
                                           const v1::CreateTableRequest* request,
                                           v1::CreateTableResponse*) {
  return ToGrpcStatus(
      ChangeTables([&] { return context_.store->CreateTable(request->name()); }));
}

grpc::Status AdminServiceImpl::DeleteTable(grpc::ServerContext*,
                                           const v1::DeleteTableRequest* request,
                                           v1::DeleteTableResponse* response) {
  return ToGrpcStatus(ChangeTables([&] {
    const absl::StatusOr<uint64_t> entries = context_.store->DeleteTable(request->name());
    if (entries.ok()) response->set_entries(*entries);
    return entries.status();
  }));
}

absl::Status AdminServiceImpl::ChangeTables(absl::FunctionRef<absl::Status()> change) {
  // relaxed, both: it counts, and nothing is published through it.
  absl::Status status =
      table_changes_.fetch_add(1, std::memory_order_relaxed) < kMostTableChanges
          ? change()
          : absl::ResourceExhaustedError(
                absl::StrCat(kMostTableChanges, " tables are being made or deleted, ",
                             "which the store has not done yet; try again"));
  table_changes_.fetch_sub(1, std::memory_order_relaxed);
  return status;
}

grpc::Status AdminServiceImpl::Backup(grpc::ServerContext* context,
                                      const v1::BackupRequest* request,
                                      v1::BackupResponse* response) {
  return ToGrpcStatus(Backup(*context, *request, response));
}

absl::Status AdminServiceImpl::Backup(const grpc::ServerContext& context,
                                      const v1::BackupRequest& request,
                                      v1::BackupResponse* response) {
  const absl::StatusOr<std::string> path =
      BackupPath(context_.backup_dir, request.directory());
  if (!path.ok()) return path.status();
  const std::unique_lock alone(backup_mutex_, std::try_to_lock);
  if (!alone.owns_lock()) {
    return absl::ResourceExhaustedError(
        "another Backup is under way; try again when it is done");
  }
  const auto cancelled = [&] {
    // relaxed: see Stop.
    return stopping_.load(std::memory_order_relaxed) || context.IsCancelled();
  };
  const absl::StatusOr<BackupResult> backup = context_.store->Backup(*path, cancelled);
  if (!backup.ok()) return backup.status();
  response->set_revision(backup->revision);
  response->set_entries(backup->entries);
  response->set_bytes(backup->bytes);
  response->set_path(Utf8(*path));
  return absl::OkStatus();
}

grpc::Status AdminServiceImpl::RunLookups(grpc::ServerContext* context,
                                          const v1::RunLookupsRequest* request,
                                          v1::RunLookupsResponse* response) {
  return ToGrpcStatus(RunLookups(*context, *request, response));
}

absl::Status AdminServiceImpl::RunLookups(const grpc::ServerContext& context,
                                          const v1::RunLookupsRequest& request,
                                          v1::RunLookupsResponse* response) {
  const absl::StatusOr<LookupLoad> load = ToLoad(request);
  if (!load.ok()) return load.status();
  const std::string_view name =
      request.table().empty() ? TableDirectory::kDefaultTable : request.table();
  const std::shared_ptr<Table> table = context_.directory->FindShared(name);
  if (table == nullptr) return NoSuchTable(name);
  const std::unique_lock alone(lookups_mutex_, std::try_to_lock);
  if (!alone.owns_lock()) {
    return absl::ResourceExhaustedError(
        "another RunLookups is under way, and two would measure each other; try again "
        "when it is done");
  }
  const auto cancelled = [&] {
    // relaxed: see Stop.
    return context.IsCancelled() || stopping_.load(std::memory_order_relaxed);
  };
  FillReport(table->RunLookups(*load, cancelled), response);
  return absl::OkStatus();
}

}  // namespace rcukv
