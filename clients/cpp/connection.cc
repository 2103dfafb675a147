#include "clients/cpp/connection.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv::internal {
namespace {

// How long the second look at a connection that did not come up may take.
constexpr absl::Duration kProbeTimeout = absl::Milliseconds(50);

constexpr int kMaxReconnectBackoffMs = 1000;

std::shared_ptr<grpc::Channel> NewChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  // Without filters that nothing here uses, a call costs a quarter less. Deadlines are
  // one of them; they and transparent retries, of calls that never left this process, are
  // wanted.
  arguments.SetInt(GRPC_ARG_MINIMAL_STACK, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_DEADLINE_CHECKS, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 1);
  // The server limits messages, and names the limits: a batch of values may have 64 MiB.
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  // A connection for each client, where gRPC would share one among all of the process;
  // and straight to the server, whatever $http_proxy says for the web.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A server that is back is found soon, however long it was away: gRPC would come to two
  // minutes.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kMaxReconnectBackoffMs);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

// The last clause of gRPC's chain of reasons, which is the one that tells something:
// "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:7700: Failed
// to connect to remote host: Connection refused".
std::string LastClause(const std::string& message) {
  constexpr std::string_view kConnecting = "Failed to connect to remote host: ";
  const size_t found = message.rfind(kConnecting);
  return found == std::string::npos ? message
                                    : message.substr(found + kConnecting.size());
}

}  // namespace

absl::StatusOr<std::shared_ptr<Connection>> Connection::Open(
    std::string address, const ClientOptions& options) {
  std::shared_ptr<Connection> connection(new Connection(std::move(address), options));
  if (connection->channel_->WaitForConnected(
          ToGpr(DeadlineAfter(options.connect_timeout)))) {
    return connection;
  }
  const std::optional<std::string> reason = connection->WhyNotConnected();
  if (!reason.has_value()) return connection;
  return absl::UnavailableError(absl::StrCat(
      "no rcukv server answers at ", connection->address_, " (waited ",
      absl::FormatDuration(options.connect_timeout), "): ", LastClause(*reason),
      "; start one there, or give the address that the server printed when it started"));
}

Connection::Connection(std::string address, const ClientOptions& options)
    : address_(std::move(address)),
      call_timeout_(options.call_timeout),
      channel_(NewChannel(address_)) {}

std::optional<std::string> Connection::WhyNotConnected() const {
  // A channel does not tell why it failed, a call on it does.
  grpc::ClientContext context;
  SetDeadline(context, kProbeTimeout);
  v1::GetResponse response;
  const grpc::Status status =
      v1::KeyValueService::NewStub(channel_)->Get(&context, v1::GetRequest(), &response);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return status.error_message();
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "no answer";
    default:
      return std::nullopt;
  }
}

SteadyTime Connection::DeadlineOf(std::optional<absl::Duration> timeout) const {
  return DeadlineAfter(timeout.value_or(call_timeout_));
}

void Connection::SetDeadline(grpc::ClientContext& context,
                             std::optional<absl::Duration> timeout) const {
  const SteadyTime deadline = DeadlineOf(timeout);
  if (deadline != kNever) context.set_deadline(ToGpr(deadline));
}

absl::Status Connection::ToStatus(const grpc::Status& status, const char* name,
                                  std::optional<absl::Duration> timeout) const {
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      return absl::OkStatus();
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::DeadlineExceededError(absl::StrCat(
          name, ": no answer from the server at ", address_, " within ",
          absl::FormatDuration(timeout.value_or(call_timeout_)),
          "; it is overloaded or unreachable, or the call needs a longer timeout"));
    case grpc::StatusCode::UNAVAILABLE:
      return absl::UnavailableError(
          absl::StrCat(name, ": the server at ", address_,
                       " cannot be reached: ", LastClause(status.error_message())));
    case grpc::StatusCode::UNIMPLEMENTED:
      if (!status.error_message().empty()) break;
      return absl::UnimplementedError(absl::StrCat(
          name, ": the server at ", address_,
          " does not know this call; is it the right one of its two addresses?"));
    default:
      break;
  }
  // The codes are the same numbers in gRPC and in Abseil.
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

absl::Status Connection::Call(
    const char* name, std::optional<absl::Duration> timeout,
    absl::FunctionRef<grpc::Status(grpc::ClientContext*)> call) const {
  grpc::ClientContext context;
  SetDeadline(context, timeout);
  const OpenCalls::Entry entry(open_calls_, context);
  return ToStatus(call(&context), name, timeout);
}

}  // namespace rcukv::internal
