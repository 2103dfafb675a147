// Keeps gRPC's plugins off a server. A library with one, such as that of server
// reflection, adds it, and with it a service and threads, to every server of a process as
// soon as it is linked in.
#ifndef RCUKV_SERVER_SERVICE_BUILDER_PLUGINS_H_
#define RCUKV_SERVER_SERVICE_BUILDER_PLUGINS_H_

#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <vector>

namespace rcukv {

class NoPlugins final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(
      std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->clear();
  }
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_BUILDER_PLUGINS_H_
