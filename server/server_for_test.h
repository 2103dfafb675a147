// For tests that hold of the whole server, over gRPC on loopback, whatever protects the
// readers.
#ifndef RCUKV_SERVER_SERVER_FOR_TEST_H_
#define RCUKV_SERVER_SERVER_FOR_TEST_H_

#include <gmock/gmock.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/server.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"

namespace rcukv {

// Long enough for a slow machine; a test that works never waits for it.
inline constexpr std::chrono::seconds kPatience{60};

template <typename Stub, typename Request, typename Response>
grpc::Status Call(Stub* stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                               Response*),
                  const Request& request, Response* response) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  return (stub->*method)(&context, request, response);
}

// A server with each flavor; to be used with
//   INSTANTIATE_TEST_SUITE_P(Flavors, MyTest, EveryFlavor(), FlavorOfTest);
class ServerTest : public testing::TestWithParam<Flavor> {
 protected:
  using Kv = v1::KeyValueService::Stub;
  using Admin = v1::AdminService::Stub;

  ServerTest() {
    options_.listen = "127.0.0.1:0";
    options_.admin_listen = "127.0.0.1:0";
    options_.flavor = GetParam();
    options_.threads = 2;
  }

  void SetUp() override { Start(); }

  void Start() {
    server_.reset();
    absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(options_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ =
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials());
    kv_ = v1::KeyValueService::NewStub(channel_);
    admin_ = v1::AdminService::NewStub(grpc::CreateChannel(
        server_->admin_address(), grpc::InsecureChannelCredentials()));
  }

  void TearDown() override {
    if (server_ != nullptr && !HasFailure()) ExpectServing();
  }

  // Whatever a test has sent.
  void ExpectServing() {
    uint64_t revision = 0;
    EXPECT_TRUE(Put("still", "here", {}, "", &revision).ok());
    const v1::GetResponse response = Get("still");
    EXPECT_EQ(response.entry().value(), "here");
    EXPECT_GE(response.revision(), revision);
  }

  grpc::Status Put(const std::string& key, const std::string& value,
                   std::optional<uint64_t> expected = {}, const std::string& table = "",
                   uint64_t* revision = nullptr) {
    v1::PutRequest request;
    request.set_table(table);
    request.set_key(key);
    request.set_value(value);
    if (expected.has_value()) request.set_expected_mod_revision(*expected);
    v1::PutResponse response;
    const grpc::Status status = Call(kv_.get(), &Kv::Put, request, &response);
    if (revision != nullptr) *revision = response.revision();
    return status;
  }

  v1::GetResponse Get(const std::string& key) {
    v1::GetRequest request;
    request.set_key(key);
    v1::GetResponse response;
    const grpc::Status status = Call(kv_.get(), &Kv::Get, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // All entries of a scan, whose pages are of `page_size`, by key.
  std::map<std::string, std::string> Scan(v1::ScanRequest request, uint32_t page_size) {
    std::map<std::string, std::string> entries;
    request.set_page_size(page_size);
    do {
      v1::ScanResponse response;
      const grpc::Status status = Call(kv_.get(), &Kv::Scan, request, &response);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LE(response.entries_size(), static_cast<int>(page_size));
      for (const v1::Entry& entry : response.entries()) {
        EXPECT_TRUE(entries.emplace(entry.key(), entry.value()).second) << entry.key();
      }
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return entries;
  }

  // The status of a call whose message is `bytes`, whatever they are.
  grpc::Status CallRaw(const std::string& method, const std::string& bytes) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    grpc::CompletionQueue queue;
    const grpc::Slice slice(bytes);
    const auto call =
        stub.PrepareUnaryCall(&context, "/rcukv.v1.KeyValueService/" + method,
                              grpc::ByteBuffer(&slice, 1), &queue);
    grpc::ByteBuffer response;
    grpc::Status status;
    call->StartCall();
    call->Finish(&response, &status, &queue);
    void* tag;
    bool ok;
    EXPECT_TRUE(queue.Next(&tag, &ok));
    return status;
  }

  v1::GetStatusResponse GetStatus() {
    v1::GetStatusResponse response;
    const grpc::Status status =
        Call(admin_.get(), &Admin::GetStatus, v1::GetStatusRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  ServerOptions options_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Kv> kv_;
  std::unique_ptr<Admin> admin_;
};

// Each of `parts` is in the message.
inline void ExpectError(const grpc::Status& status, grpc::StatusCode code,
                        const std::vector<std::string>& parts) {
  EXPECT_EQ(status.error_code(), code) << status.error_message();
  for (const std::string& part : parts) {
    EXPECT_THAT(status.error_message(), testing::HasSubstr(part));
  }
}

inline void ExpectInvalid(const grpc::Status& status,
                          const std::vector<std::string>& parts) {
  ExpectError(status, grpc::StatusCode::INVALID_ARGUMENT, parts);
}

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVER_FOR_TEST_H_
