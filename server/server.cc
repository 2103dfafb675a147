#include "server/server.h"

#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/service/allocator_stats.h"
#include "server/service/builder_plugins.h"
#include "server/service/listening.h"
#include "server/store/durable_store.h"
#include "server/store/memory_store.h"
#include "server/store/rocksdb_log.h"
#include "server/store/store_options.h"

namespace rcukv {
namespace {

// How long calls are refused with UNAVAILABLE when all those before them are answered.
// Then connections are broken, and a call that comes in that very moment learns less.
constexpr std::chrono::milliseconds kRefusalTime{200};

std::string_view ReclaimName(ReclaimMode mode) {
  return mode == ReclaimMode::kCallRcu ? "call_rcu" : "synchronize";
}

std::string_view SectionName(ReadSection section) {
  return section == ReadSection::kPerBatch ? "per_batch" : "per_key";
}

std::string_view DurabilityName(Durability durability) {
  return durability == Durability::kSync ? "sync" : "async";
}

void SayOnStderr(const std::string& line) {
  std::fprintf(stderr, "rcukv_server: %s\n", line.c_str());
}

// `status` with more to its message.
absl::Status Append(const absl::Status& status, std::string_view more) {
  return absl::Status(status.code(), absl::StrCat(std::string(status.message()), "; ",
                                                  std::string(more)));
}

// The protection with its membarrier mode set.
absl::StatusOr<std::unique_ptr<Protection>> Prepare(Flavor flavor,
                                                    rcu::MembarrierMode mode) {
  absl::StatusOr<std::unique_ptr<Protection>> protection = Protection::Create(flavor);
  if (!protection.ok()) return protection;
  // What a flavor begins with is what works.
  const rcu::MembarrierMode works = (*protection)->membarrier_mode();
  if (works == rcu::MembarrierMode::kNone) return protection;
  if (absl::Status set = (*protection)->SetMembarrierMode(mode); !set.ok()) {
    return Append(set,
                  absl::StrCat("--membarrier_mode=",
                               std::string(rcu::MembarrierModeName(works)), " works"));
  }
  return protection;
}

// gRPC's threads share one epoll set: an event is read by any of them, and handed to the
// one whose call it is of. A second thread where half the cores do the kernel's work, or
// the clients', only has events handed over.
unsigned DefaultThreads() {
  return std::max(1u, (std::thread::hardware_concurrency() + 1) / 2);
}

}  // namespace

Server::Server(const ServerOptions& options)
    : options_(options),
      threads_(options.threads != 0 ? options.threads : DefaultThreads()),
      health_(v1::KeyValueService::service_full_name()),
      admin_health_(v1::AdminService::service_full_name()) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options) {
  std::unique_ptr<Server> server(new Server(options));
  absl::Status status = server->CreateProtection();
  if (!status.ok()) return status;
  // To load may take minutes, and should not be in vain.
  status = server->CheckAddresses();
  if (!status.ok()) return status;
  status = server->OpenStore();
  if (!status.ok()) return status;
  status = server->StartServices();
  if (!status.ok()) return status;
  return server;
}

absl::Status Server::CreateProtection() {
  absl::StatusOr<std::unique_ptr<Protection>> protection =
      Prepare(options_.flavor, options_.membarrier_mode);
  if (!protection.ok() && options_.fallback == RcuFallback::kMb) {
    fallback_reason_ = std::string(protection.status().message());
    protection = Prepare(Flavor::kMb, rcu::MembarrierMode::kNone);
  }
  if (!protection.ok()) {
    return Append(protection.status(), "--rcu_fallback=mb would serve with flavor mb");
  }
  protection_ = *std::move(protection);
  protection_->SetHoldoutLimit(options_.holdout_limit);
  rcu::SetExpeditedBudget(options_.expedited_budget);
  return absl::OkStatus();
}

absl::Status Server::CheckAddresses() const {
  absl::Status status = CheckListening(options_.listen, "--listen");
  status.Update(CheckListening(options_.admin_listen, "--admin_listen"));
  return status;
}

absl::Status Server::OpenStore() {
  directory_ = std::make_unique<TableDirectory>(*protection_);
  // Room for some transactions of the largest size, or none would find any beside others.
  const size_t max_queued_bytes =
      std::max(StoreOptions().max_queued_bytes, 4 * options_.limits.max_txn_bytes);
  const StoreOptions store = {.memory_limit_bytes = options_.memory_limit_bytes,
                              .max_queued_bytes = max_queued_bytes,
                              .reclaim_mode = options_.reclaim,
                              .history = options_.watches,
                              .publishes_in_parts = options_.publishes_in_parts};
  if (options_.store == StoreKind::kMemory) {
    store_ = std::make_unique<MemoryStore>(*protection_, *directory_, store);
    return absl::OkStatus();
  }
  auto log = RocksDbLog::Open({.directory = options_.data_dir,
                               .durability = options_.durability,
                               .say = SayOnStderr});
  if (!log.ok()) return log.status();
  auto opened = DurableStore::Open(*protection_, *directory_, *std::move(log), store,
                                   {.say = SayOnStderr});
  if (!opened.ok()) return opened.status();
  store_ = *std::move(opened);
  return absl::OkStatus();
}

absl::Status Server::StartServices() {
  absl::StatusOr<std::unique_ptr<DataPlane>> data_plane =
      DataPlane::Start({.listen = options_.listen, .threads = static_cast<int>(threads_)},
                       {.limits = options_.limits,
                        .read_section = options_.read_section,
                        .health = &health_,
                        .tokens = &page_tokens_,
                        .directory = directory_.get(),
                        .store = store_.get(),
                        .watch_progress_interval = options_.watch_progress_interval});
  if (!data_plane.ok()) return data_plane.status();
  data_plane_ = *std::move(data_plane);
  return StartAdmin();
}

absl::Status Server::StartAdmin() {
  admin_service_ = std::make_unique<AdminServiceImpl>(
      AdminContext{.protection = protection_.get(),
                   .directory = directory_.get(),
                   .store = store_.get(),
                   .read_section = options_.read_section,
                   .backup_dir = options_.backup_dir,
                   .expedited_budget = options_.expedited_budget,
                   .threads = threads_,
                   .answered_calls = [this] { return data_plane_->answered_calls(); }});
  grpc::ServerBuilder builder;
  builder.RegisterService(admin_service_.get());
  admin_health_service_ = std::make_unique<AdminHealth>(admin_health_);
  builder.RegisterService(admin_health_service_.get());
  if (!options_.reflection) builder.SetOption(std::make_unique<NoPlugins>());
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  grpc::ResourceQuota quota("admin");
  quota.SetMaxThreads(16);
  builder.SetResourceQuota(quota);
  admin_queue_ = std::make_unique<UnpolledQueue>(&builder);
  absl::StatusOr<ListeningServer> listening =
      StartListening(options_.admin_listen, "--admin_listen", &builder);
  if (!listening.ok()) return listening.status();
  admin_server_ = std::move(listening->server);
  admin_address_ = std::move(listening->address);
  return absl::OkStatus();
}

std::string Server::StoreDescription() const {
  const std::string name(store_->name());
  if (options_.store == StoreKind::kMemory) return name;
  return absl::StrCat(name, ", data_dir ", options_.data_dir, ", durability ",
                      std::string(DurabilityName(options_.durability)));
}

std::string Server::Description() const {
  return absl::StrCat(
      "flavor ", std::string(FlavorName(protection_->flavor())), ", membarrier ",
      std::string(rcu::MembarrierModeName(protection_->membarrier_mode())), ", reclaim ",
      std::string(ReclaimName(store_->reclaim_mode())), ", read_section ",
      std::string(SectionName(options_.read_section)), ", store ", StoreDescription(),
      ", threads ", threads_, ", allocator ", IsJemalloc() ? "jemalloc" : "not jemalloc");
}

Server::~Server() { (void)Shutdown(std::chrono::milliseconds(0)); }

absl::Status Server::Shutdown(std::chrono::milliseconds drain_time) {
  if (std::exchange(shut_down_, true)) return absl::OkStatus();
  const auto deadline = std::chrono::system_clock::now() + drain_time;
  health_.StopServing();
  admin_health_.StopServing();
  if (admin_service_ != nullptr) admin_service_->Stop();
  if (data_plane_ != nullptr) data_plane_->Drain(deadline);
  std::this_thread::sleep_until(
      std::min(deadline, std::chrono::system_clock::now() + kRefusalTime));
  // gRPC would wait for the clients to close their connections, but an idle client of
  // gRPC looks at its connection every five seconds only.
  const auto now = std::chrono::system_clock::now();
  if (admin_server_ != nullptr) admin_server_->Shutdown(now);
  if (data_plane_ != nullptr) data_plane_->Shutdown(now);
  return store_ != nullptr ? store_->Stop() : absl::OkStatus();
}

}  // namespace rcukv
