#include "clients/cpp/admin_client.h"

#include <optional>
#include <utility>

#include "clients/cpp/connection.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"

namespace rcukv {
namespace {

// Of RunLookups with no duration_ms.
constexpr absl::Duration kDefaultLookups = absl::Seconds(1);

}  // namespace

struct AdminClient::Connected {
  std::shared_ptr<internal::Connection> connection;
  absl::Duration call_timeout;
  std::unique_ptr<v1::AdminService::Stub> stub;

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const char* name,
                                grpc::Status (v1::AdminService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request,
                                std::optional<absl::Duration> timeout = {}) const {
    Response response;
    absl::Status status =
        connection->Call(name, timeout, [&](grpc::ClientContext* context) {
          return (stub.get()->*method)(context, request, &response);
        });
    if (!status.ok()) return status;
    return response;
  }
};

absl::StatusOr<std::unique_ptr<AdminClient>> AdminClient::Connect(
    std::string address, const ClientOptions& options) {
  auto connection = internal::Connection::Open(std::move(address), options);
  if (!connection.ok()) return connection.status();
  auto stub = v1::AdminService::NewStub((*connection)->channel());
  return std::unique_ptr<AdminClient>(new AdminClient(std::make_unique<Connected>(
      Connected{*std::move(connection), options.call_timeout, std::move(stub)})));
}

AdminClient::AdminClient(std::unique_ptr<Connected> connected)
    : connected_(std::move(connected)) {}

AdminClient::~AdminClient() = default;

absl::StatusOr<v1::GetStatusResponse> AdminClient::GetStatus() const {
  return connected_->Call("GetStatus", &v1::AdminService::Stub::GetStatus,
                          v1::GetStatusRequest());
}

absl::StatusOr<v1::UpdateReclamationResponse> AdminClient::UpdateReclamation(
    const v1::UpdateReclamationRequest& request) const {
  return connected_->Call("UpdateReclamation", &v1::AdminService::Stub::UpdateReclamation,
                          request);
}

absl::StatusOr<v1::ListTablesResponse> AdminClient::ListTables() const {
  return connected_->Call("ListTables", &v1::AdminService::Stub::ListTables,
                          v1::ListTablesRequest());
}

absl::Status AdminClient::CreateTable(const std::string& name) const {
  v1::CreateTableRequest request;
  request.set_name(name);
  return connected_->Call("CreateTable", &v1::AdminService::Stub::CreateTable, request)
      .status();
}

absl::StatusOr<uint64_t> AdminClient::DeleteTable(const std::string& name) const {
  v1::DeleteTableRequest request;
  request.set_name(name);
  auto response =
      connected_->Call("DeleteTable", &v1::AdminService::Stub::DeleteTable, request);
  if (!response.ok()) return response.status();
  return response->entries();
}

absl::StatusOr<v1::BackupResponse> AdminClient::Backup(const std::string& directory,
                                                       absl::Duration timeout) const {
  v1::BackupRequest request;
  request.set_directory(directory);
  return connected_->Call("Backup", &v1::AdminService::Stub::Backup, request, timeout);
}

absl::StatusOr<v1::RunLookupsResponse> AdminClient::RunLookups(
    const v1::RunLookupsRequest& request) const {
  const absl::Duration duration = request.duration_ms() == 0
                                      ? kDefaultLookups
                                      : absl::Milliseconds(request.duration_ms());
  return connected_->Call("RunLookups", &v1::AdminService::Stub::RunLookups, request,
                          duration + connected_->call_timeout);
}

}  // namespace rcukv
