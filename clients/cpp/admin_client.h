// A client of an rcukv server's admin service, which has an address of its own.
//
//   auto admin = rcukv::AdminClient::Connect("127.0.0.1:7701");
//   if (!admin.ok()) return admin.status();
//   auto status = (*admin)->GetStatus();
//
// Speaks in the messages of proto/rcukv/v1/admin.proto, where the fields are documented.
//
// Thread safety and errors: as in client.h.

#ifndef RCUKV_CLIENTS_CPP_ADMIN_CLIENT_H_
#define RCUKV_CLIENTS_CPP_ADMIN_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/cpp/options.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv {

class AdminClient {
 public:
  // As Client::Connect.
  static absl::StatusOr<std::unique_ptr<AdminClient>> Connect(
      std::string address, const ClientOptions& options = {});

  ~AdminClient();

  absl::StatusOr<v1::GetStatusResponse> GetStatus() const;

  // Returns what was set before.
  absl::StatusOr<v1::UpdateReclamationResponse> UpdateReclamation(
      const v1::UpdateReclamationRequest& request) const;

  absl::StatusOr<v1::ListTablesResponse> ListTables() const;

  absl::Status CreateTable(const std::string& name) const;

  // Returns how many entries were in it.
  absl::StatusOr<uint64_t> DeleteTable(const std::string& name) const;

  // Makes `directory`, on the server, a copy of what it stores. Waits for as long as that
  // takes, unless there is a timeout, at which the server ends it and leaves nothing.
  absl::StatusOr<v1::BackupResponse> Backup(
      const std::string& directory,
      absl::Duration timeout = absl::InfiniteDuration()) const;

  // Waits for as long as the request lets the lookups run, and the call timeout on top.
  absl::StatusOr<v1::RunLookupsResponse> RunLookups(
      const v1::RunLookupsRequest& request) const;

 private:
  struct Connected;

  explicit AdminClient(std::unique_ptr<Connected> connected);

  const std::unique_ptr<Connected> connected_;
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_ADMIN_CLIENT_H_
