#include "clients/cpp/client.h"

#include <utility>

#include "clients/cpp/get_gatherer.h"
#include "clients/cpp/key_value_connection.h"
#include "clients/cpp/txn_wire.h"

namespace rcukv {
namespace {

// Each Get and BatchGet in a call of its own, as many at once as a server takes.
constexpr internal::GatherLimits kNotGathered = {
    .calls_in_flight = 4096, .large_calls_in_flight = 4096, .keys = 1};

absl::Status NoKeys() {
  return absl::InvalidArgumentError("keys: empty, a BatchGet has at least one key");
}

void SetBytes(std::string* field, std::string_view bytes) {
  field->assign(bytes.data(), bytes.size());
}

// Put and Delete say these things in the same way.
template <typename Request>
Request WriteRequest(std::string_view key, const WriteOptions& options) {
  Request request;
  request.set_table(options.table);
  SetBytes(request.mutable_key(), key);
  if (options.expected_mod_revision.has_value()) {
    request.set_expected_mod_revision(*options.expected_mod_revision);
  }
  return request;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(std::string address,
                                                        const ClientOptions& options) {
  auto connection = internal::Connection::Open(std::move(address), options);
  if (!connection.ok()) return connection.status();
  auto gatherer = std::make_unique<internal::GetGatherer>(
      *connection, options.gather_gets ? internal::GatherLimits() : kNotGathered);
  return std::unique_ptr<Client>(
      new Client(std::make_shared<internal::KeyValueConnection>(*std::move(connection)),
                 std::move(gatherer), options.gather_gets));
}

Client::Client(std::shared_ptr<internal::KeyValueConnection> connection,
               std::unique_ptr<internal::GetGatherer> gatherer, bool gather_gets)
    : connection_(std::move(connection)),
      gatherer_(std::move(gatherer)),
      gather_gets_(gather_gets) {}

Client::~Client() = default;

absl::StatusOr<std::optional<Value>> Client::Get(std::string_view key,
                                                 const ReadOptions& options) const {
  if (gather_gets_) return gatherer_->Get(key, options);
  absl::StatusOr<std::optional<Entry>> entry = GetEntry(key, options);
  if (!entry.ok()) return entry.status();
  if (!entry->has_value()) return std::nullopt;
  return Value{.value = std::move((*entry)->value),
               .mod_revision = (*entry)->mod_revision};
}

void Client::GetAsync(
    std::string_view key, const ReadOptions& options,
    absl::AnyInvocable<void(absl::StatusOr<std::optional<Value>>)> done) const {
  gatherer_->GetAsync(key, options, std::move(done));
}

absl::StatusOr<std::optional<Entry>> Client::GetEntry(std::string_view key,
                                                      const ReadOptions& options) const {
  v1::GetRequest request;
  request.set_table(options.table);
  SetBytes(request.mutable_key(), key);
  v1::GetResponse response;
  const absl::Status status = connection_->connection().Call(
      "Get", options.timeout, [&](grpc::ClientContext* context) {
        return connection_->stub().Get(context, request, &response);
      });
  if (!status.ok()) return status;
  if (!response.has_entry()) return std::nullopt;
  return internal::FromProto(std::move(*response.mutable_entry()));
}

absl::StatusOr<Values> Client::BatchGet(absl::Span<const std::string> keys,
                                        const ReadOptions& options) const {
  if (keys.empty()) return NoKeys();
  return gatherer_->BatchGet(keys, options);
}

void Client::BatchGetAsync(absl::Span<const std::string> keys, const ReadOptions& options,
                           absl::AnyInvocable<void(absl::StatusOr<Values>)> done) const {
  if (keys.empty()) return done(NoKeys());
  gatherer_->BatchGetAsync(keys, options, std::move(done));
}

absl::StatusOr<uint64_t> Client::Put(std::string_view key, std::string_view value,
                                     const WriteOptions& options) const {
  auto request = WriteRequest<v1::PutRequest>(key, options);
  SetBytes(request.mutable_value(), value);
  v1::PutResponse response;
  const absl::Status status = connection_->connection().Call(
      "Put", options.timeout, [&](grpc::ClientContext* context) {
        return connection_->stub().Put(context, request, &response);
      });
  if (!status.ok()) return status;
  return response.revision();
}

absl::StatusOr<Deleted> Client::Delete(std::string_view key,
                                       const WriteOptions& options) const {
  const auto request = WriteRequest<v1::DeleteRequest>(key, options);
  v1::DeleteResponse response;
  const absl::Status status = connection_->connection().Call(
      "Delete", options.timeout, [&](grpc::ClientContext* context) {
        return connection_->stub().Delete(context, request, &response);
      });
  if (!status.ok()) return status;
  return Deleted{.existed = response.deleted(), .revision = response.revision()};
}

absl::StatusOr<TxnResult> Client::Commit(const Txn& txn,
                                         const TxnOptions& options) const {
  const v1::TxnRequest request = internal::ToProto(txn, options);
  v1::TxnResponse response;
  const absl::Status status = connection_->connection().Call(
      "Txn", options.timeout, [&](grpc::ClientContext* context) {
        return connection_->stub().Txn(context, request, &response);
      });
  if (!status.ok()) return status;
  return internal::FromProto(txn, std::move(response));
}

void Client::Cancel() const {
  connection_->connection().open_calls().Cancel();
  gatherer_->Cancel();
}

Scanner Client::Scan(ScanOptions options) const {
  return Scanner(connection_, std::move(options));
}

}  // namespace rcukv
