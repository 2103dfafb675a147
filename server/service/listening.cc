#include "server/service/listening.h"

#include <grpc/impl/codegen/grpc_types.h>
#include <grpcpp/security/server_credentials.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/table/printable.h"

namespace rcukv {
namespace {

absl::Status CannotListen(std::string_view address, std::string_view flag,
                          std::string_view why) {
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", std::string(address), ": ", std::string(why),
                   "; choose another with ", std::string(flag)));
}

// Whether one can bind to the address. gRPC does not tell why it could not.
absl::Status TryToBind(const HostPort& host_port, std::string_view address,
                       std::string_view flag) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host_port.host.c_str(),
                                std::to_string(host_port.port).c_str(), &hints, &found);
  if (error != 0) return CannotListen(address, flag, gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);

  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return CannotListen(address, flag, std::strerror(errno));
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  const bool bound = bind(fd, found->ai_addr, found->ai_addrlen) == 0;
  const int bind_errno = errno;
  close(fd);
  return bound ? absl::OkStatus()
               : CannotListen(address, flag, std::strerror(bind_errno));
}

}  // namespace

absl::StatusOr<HostPort> ParseHostPort(std::string_view address) {
  const size_t colon = address.rfind(':');
  HostPort result;
  if (colon != std::string_view::npos) {
    std::string_view host = address.substr(0, colon);
    const std::string_view port = address.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    const bool one_host =
        !host.empty() && (bracketed || host.find_first_of("[]:") == host.npos);
    const auto [end, error] =
        std::from_chars(port.data(), port.data() + port.size(), result.port);
    const bool is_port = error == std::errc() && end == port.data() + port.size() &&
                         result.port >= 0 && result.port <= 65535;
    result.host = std::string(host);
    if (one_host && is_port) return result;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(Printable(address), " is not HOST:PORT, such as 127.0.0.1:7700"));
}

absl::Status CheckListening(std::string_view address, std::string_view flag) {
  const absl::StatusOr<HostPort> host_port = ParseHostPort(address);
  return host_port.ok() ? TryToBind(*host_port, address, flag) : host_port.status();
}

absl::StatusOr<ListeningServer> StartListening(std::string_view address,
                                               std::string_view flag,
                                               grpc::ServerBuilder* builder) {
  const absl::Status checked = CheckListening(address, flag);
  if (!checked.ok()) return checked;

  int port = 0;
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder->AddListeningPort(std::string(address), grpc::InsecureServerCredentials(),
                            &port);
  ListeningServer listening;
  listening.server = builder->BuildAndStart();
  if (listening.server == nullptr || port == 0) {
    return CannotListen(address, flag, "gRPC could not open it");
  }
  const std::string_view host = address.substr(0, address.rfind(':'));
  listening.address = absl::StrCat(std::string(host), ":", port);
  return listening;
}

}  // namespace rcukv
