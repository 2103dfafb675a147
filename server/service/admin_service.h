// AdminService: the state of the server, its reclamation, its tables. Synchronous; served
// by threads of its own.
#ifndef RCUKV_SERVER_SERVICE_ADMIN_SERVICE_H_
#define RCUKV_SERVER_SERVICE_ADMIN_SERVICE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "server/store/store.h"
#include "server/table/protection.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {

// Everything outlives the service.
struct AdminContext {
  Protection* protection = nullptr;
  TableDirectory* directory = nullptr;
  Store* store = nullptr;
  ReadSection read_section = ReadSection::kPerBatch;
  // As of BackupPath.
  std::string backup_dir = {};
  // As passed to rcu::SetExpeditedBudget.
  uint64_t expedited_budget = 0;
  // Serving threads of the data plane, and the calls they have answered.
  uint32_t threads = 0;
  std::function<uint64_t()> answered_calls;
};

// Thread safety: every method may be called by any thread at any time.
class AdminServiceImpl final : public v1::AdminService::Service {
 public:
  // So many CreateTable and DeleteTable may be under way at once; the store takes one at
  // a time, and on a disk that hangs they would take every thread of the service.
  static constexpr int kMostTableChanges = 4;

  explicit AdminServiceImpl(AdminContext context) : context_(std::move(context)) {}

  // Makes RunLookups and Backup end early: the server shuts down.
  void Stop();

  grpc::Status GetStatus(grpc::ServerContext*, const v1::GetStatusRequest*,
                         v1::GetStatusResponse* response) override;
  grpc::Status UpdateReclamation(grpc::ServerContext*,
                                 const v1::UpdateReclamationRequest* request,
                                 v1::UpdateReclamationResponse* response) override;
  grpc::Status ListTables(grpc::ServerContext*, const v1::ListTablesRequest*,
                          v1::ListTablesResponse* response) override;
  grpc::Status CreateTable(grpc::ServerContext*, const v1::CreateTableRequest* request,
                           v1::CreateTableResponse*) override;
  grpc::Status DeleteTable(grpc::ServerContext*, const v1::DeleteTableRequest* request,
                           v1::DeleteTableResponse* response) override;
  grpc::Status Backup(grpc::ServerContext* context, const v1::BackupRequest* request,
                      v1::BackupResponse* response) override;
  grpc::Status RunLookups(grpc::ServerContext* context,
                          const v1::RunLookupsRequest* request,
                          v1::RunLookupsResponse* response) override;

 private:
  // Calls change(), or refuses where there are as many as may be.
  absl::Status ChangeTables(absl::FunctionRef<absl::Status()> change);
  absl::Status UpdateReclamation(const v1::UpdateReclamationRequest& request,
                                 v1::UpdateReclamationResponse* response);
  absl::Status Backup(const grpc::ServerContext& context,
                      const v1::BackupRequest& request, v1::BackupResponse* response);
  absl::Status RunLookups(const grpc::ServerContext& context,
                          const v1::RunLookupsRequest& request,
                          v1::RunLookupsResponse* response);

  const AdminContext context_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<bool> stopping_{false};
  std::atomic<int> table_changes_{0};
  // Held while the modes are changed, so that each caller learns what was before.
  std::mutex reclamation_mutex_;
  // Held by the one Backup there may be: two would only take the disk from each other.
  std::mutex backup_mutex_;
  // Held by the one RunLookups there may be: two would measure each other.
  std::mutex lookups_mutex_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_ADMIN_SERVICE_H_
