// A whole rcukv server: tables, store, data plane, AdminService.
//
//   absl::StatusOr<std::unique_ptr<Server>> server = Server::Start({});
//   ...
//   (*server)->Shutdown(Server::kDrainTime);
#ifndef RCUKV_SERVER_SERVER_H_
#define RCUKV_SERVER_SERVER_H_

#include <grpcpp/server.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rcu/holdout.h"
#include "rcu/membarrier.h"
#include "server/service/admin_health.h"
#include "server/service/admin_service.h"
#include "server/service/data_plane.h"
#include "server/service/health.h"
#include "server/service/limits.h"
#include "server/service/page_token.h"
#include "server/service/unpolled_queue.h"
#include "server/store/change_history.h"
#include "server/store/durable_log.h"
#include "server/store/store.h"
#include "server/table/protection.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {

// What to do where the system refuses or lacks what the flavor, or its membarrier mode,
// needs.
enum class RcuFallback { kMb, kRefuse };

// Where writes go: see server/store.
enum class StoreKind { kMemory, kRocksDb };

// The defaults are those of the flags; see options.h.
struct ServerOptions {
  // HOST:PORT; port 0: any free one.
  std::string listen = "127.0.0.1:7700";
  std::string admin_listen = "127.0.0.1:7701";

  Flavor flavor = Flavor::kMemb;
  // Ignored by flavors that use no membarrier.
  rcu::MembarrierMode membarrier_mode = rcu::MembarrierMode::kExpedited;
  // Expedited calls a second that mode adaptive may make, for the whole process.
  uint64_t expedited_budget = 1000;
  // A grace period that waits for a reader for longer is reported.
  std::chrono::nanoseconds holdout_limit = rcu::HoldoutLog::kDefaultLimit;
  RcuFallback fallback = RcuFallback::kMb;
  ReclaimMode reclaim = ReclaimMode::kCallRcu;
  ReadSection read_section = ReadSection::kPerBatch;

  // Whether the admin address describes the API: gRPC server reflection.
  bool reflection = true;

  StoreKind store = StoreKind::kMemory;
  // These three are of stores that keep something.
  std::string data_dir = "rcukv-data";
  Durability durability = Durability::kSync;
  // What backups are below. Empty: anywhere.
  std::string backup_dir;

  // For tests alone: see Committer::Options.
  bool publishes_in_parts = false;

  // Serving threads. 0: one for every two cores.
  uint32_t threads = 0;
  Limits limits;
  // Of all tables together. 0: none.
  uint64_t memory_limit_bytes = 0;
  // Beside it. 0 bytes: nothing can be watched.
  ChangeHistory::Limits watches;
  // A watch to which nothing is told learns within so much time how far revisions are.
  std::chrono::milliseconds watch_progress_interval{5000};
};

// Thread safety: Shutdown and the destructor are called by one thread; everything else by
// any thread at any time.
class Server {
 public:
  // How long calls in flight may take when the program is told to end.
  static constexpr std::chrono::seconds kDrainTime{10};

  // Loads what is stored, listens and serves. FAILED_PRECONDITION, with the cause and
  // what would work, where the system has not what the flavor or the mode needs and there
  // is to be no fallback; UNAVAILABLE where it cannot listen; INVALID_ARGUMENT for an
  // address that is none; and the errors of RocksDbLog::Open.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options);

  // Shuts down at once, if that was not done.
  ~Server();

  // HOST:PORT, with the ports that are listened on.
  const std::string& address() const { return data_plane_->address(); }
  const std::string& admin_address() const { return admin_address_; }

  // What was chosen, in a line: "flavor memb, membarrier expedited, ...".
  std::string Description() const;

  // Empty, or why the flavor is not the one that was asked for.
  const std::string& fallback_reason() const { return fallback_reason_; }

  // Calls that each serving thread has answered.
  std::vector<uint64_t> answered_calls_by_thread() const {
    return data_plane_->answered_calls_by_thread();
  }

  // Connections that Shutdown had to break, as their clients did not read.
  size_t broken_connections() const { return data_plane_->broken_connections(); }

  // Says NOT_SERVING to those who ask for its health. Refuses new calls, answers those in
  // flight, cancels those that are left after `drain_time`, and stops the store, whose
  // error it returns. Idempotent: OK, when that was done before.
  absl::Status Shutdown(std::chrono::milliseconds drain_time);

 private:
  explicit Server(const ServerOptions& options);

  absl::Status CreateProtection();
  absl::Status CheckAddresses() const;
  absl::Status OpenStore();
  absl::Status StartServices();
  absl::Status StartAdmin();
  std::string StoreDescription() const;

  const ServerOptions options_;
  const uint32_t threads_;
  const PageTokens page_tokens_;
  std::string fallback_reason_;
  std::string admin_address_;
  // Of the two listeners.
  Health health_;
  Health admin_health_;

  // Each uses those before it.
  std::unique_ptr<Protection> protection_;
  std::unique_ptr<TableDirectory> directory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<DataPlane> data_plane_;
  std::unique_ptr<AdminServiceImpl> admin_service_;
  std::unique_ptr<AdminHealth> admin_health_service_;
  std::unique_ptr<UnpolledQueue> admin_queue_;
  std::unique_ptr<grpc::Server> admin_server_;
  bool shut_down_ = false;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVER_H_
