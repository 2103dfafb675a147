#include "clients/cpp/client.h"

#include <utility>

#include "clients/cpp/get_gatherer.h"
#include "clients/cpp/key_value_connection.h"
#include "clients/cpp/txn_wire.h"
#include "clients/cpp/write_gatherer.h"

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

Deleted DeletedOf(const internal::WriteOutcome& outcome) {
  return {.existed = outcome.existed, .revision = outcome.revision};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(std::string address,
                                                        const ClientOptions& options) {
  auto connection = internal::Connection::Open(std::move(address), options);
  if (!connection.ok()) return connection.status();
  return std::unique_ptr<Client>(new Client(*std::move(connection), options));
}

Client::Client(std::shared_ptr<internal::Connection> connection,
               const ClientOptions& options)
    : connection_(std::make_shared<internal::KeyValueConnection>(connection)),
      gather_gets_(options.gather_gets),
      gather_writes_(options.gather_writes),
      gatherer_(std::make_unique<internal::GetGatherer>(
          connection, gather_gets_ ? internal::GatherLimits() : kNotGathered)),
      write_gatherer_(std::make_unique<internal::WriteGatherer>(
          std::move(connection), internal::WriteLimits::Gathered(gather_writes_))) {}

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
  const auto outcome =
      write_gatherer_->Write(internal::EncodePut(key, value, options), options.timeout);
  if (!outcome.ok()) return outcome.status();
  return outcome->revision;
}

void Client::PutAsync(std::string_view key, std::string_view value,
                      const WriteOptions& options,
                      absl::AnyInvocable<void(absl::StatusOr<uint64_t>)> done) const {
  write_gatherer_->WriteAsync(
      internal::EncodePut(key, value, options), options.timeout,
      [done = std::move(done)](
          const absl::StatusOr<internal::WriteOutcome>& outcome) mutable {
        outcome.ok() ? done(outcome->revision) : done(outcome.status());
      });
}

absl::StatusOr<Deleted> Client::Delete(std::string_view key,
                                       const WriteOptions& options) const {
  const auto outcome =
      write_gatherer_->Write(internal::EncodeDelete(key, options), options.timeout);
  if (!outcome.ok()) return outcome.status();
  return DeletedOf(*outcome);
}

void Client::DeleteAsync(std::string_view key, const WriteOptions& options,
                         absl::AnyInvocable<void(absl::StatusOr<Deleted>)> done) const {
  write_gatherer_->WriteAsync(
      internal::EncodeDelete(key, options), options.timeout,
      [done = std::move(done)](
          const absl::StatusOr<internal::WriteOutcome>& outcome) mutable {
        outcome.ok() ? done(DeletedOf(*outcome)) : done(outcome.status());
      });
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
