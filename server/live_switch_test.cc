// The membarrier mode is switched while clients read and write.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/server.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"

namespace rcukv {
namespace {

constexpr int kKeys = 100;

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& address) {
  return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
}

std::string Key(int i) { return "key-" + std::to_string(i); }

// Every value begins with its key.
std::string Value(int i, int generation) {
  return Key(i) + ":" + std::to_string(generation);
}

// Calls a server until it is stopped, and counts what failed.
class Load {
 public:
  explicit Load(const std::string& address)
      : kv_(v1::KeyValueService::NewStub(ChannelTo(address))) {
    for (int i = 0; i < kKeys; ++i) Put(i, 0);
    writer_ = std::thread([this] {
      for (int round = 1; !stopped_.load(std::memory_order_relaxed); ++round) {
        Put(round % kKeys, round);
      }
    });
    reader_ = std::thread([this] {
      while (!stopped_.load(std::memory_order_relaxed)) ReadAll();
    });
  }
  ~Load() {
    stopped_.store(true, std::memory_order_relaxed);
    writer_.join();
    reader_.join();
  }

  int failures() const { return failures_.load(std::memory_order_relaxed); }
  int reads() const { return reads_.load(std::memory_order_relaxed); }

 private:
  void Put(int i, int generation) {
    v1::PutRequest request;
    request.set_key(Key(i));
    request.set_value(Value(i, generation));
    v1::PutResponse response;
    grpc::ClientContext context;
    Count(kv_->Put(&context, request, &response).ok());
  }

  void ReadAll() {
    v1::BatchGetRequest request;
    for (int i = 0; i < kKeys; ++i) request.add_keys(Key(i));
    v1::BatchGetResponse response;
    grpc::ClientContext context;
    Count(kv_->BatchGet(&context, request, &response).ok());
    for (int i = 0; i < response.results_size(); ++i) {
      const std::string prefix = Key(i) + ":";
      Count(response.results(i).value().compare(0, prefix.size(), prefix) == 0);
    }
    reads_.fetch_add(response.results_size(), std::memory_order_relaxed);
  }

  void Count(bool ok) {
    if (!ok) failures_.fetch_add(1, std::memory_order_relaxed);
  }

  std::unique_ptr<v1::KeyValueService::Stub> kv_;
  std::atomic<bool> stopped_{false};
  std::atomic<int> failures_{0};
  std::atomic<int> reads_{0};
  std::thread writer_;
  std::thread reader_;
};

class Admin {
 public:
  explicit Admin(const std::string& address)
      : admin_(v1::AdminService::NewStub(ChannelTo(address))) {}

  // Returns the mode that was set before.
  v1::MembarrierMode Switch(v1::MembarrierMode mode) {
    v1::UpdateReclamationRequest request;
    request.set_membarrier_mode(mode);
    v1::UpdateReclamationResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(admin_->UpdateReclamation(&context, request, &response).ok());
    return response.previous_membarrier_mode();
  }

  // The median latency of the mode's first few grace periods, once they have been.
  uint64_t FirstMedianNs() {
    const uint64_t before = Status().grace_periods().completed();
    // One may have begun under the mode before.
    while (Status().grace_periods().completed() < before + 4) std::this_thread::yield();
    return Status().grace_periods().recent_p50_ns();
  }

  v1::GetStatusResponse Status() {
    v1::GetStatusResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(admin_->GetStatus(&context, v1::GetStatusRequest(), &response).ok());
    return response;
  }

 private:
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

class LiveSwitchTest : public ::testing::TestWithParam<Flavor> {};

TEST_P(LiveSwitchTest, NoReadFailsAndTheFiguresAreTheNewModes) {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.admin_listen = "127.0.0.1:0";
  options.flavor = GetParam();
  auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  if ((*server)->fallback_reason() != "") {
    GTEST_SKIP() << "no mode to switch: " << (*server)->fallback_reason();
  }
  Admin admin((*server)->admin_address());
  {
    Load load((*server)->address());
    v1::MembarrierMode previous = v1::EXPEDITED;
    for (int round = 0; round < 2; ++round) {
      for (v1::MembarrierMode mode :
           {v1::NON_EXPEDITED, v1::ADAPTIVE, v1::GLOBAL_EXPEDITED, v1::EXPEDITED}) {
        EXPECT_EQ(admin.Switch(mode), previous);
        EXPECT_EQ(admin.Status().membarrier_mode(), mode);
        previous = mode;
        const uint64_t median_ns = admin.FirstMedianNs();
        // Printed, not judged: how long they take is up to the machine.
        printf("%s: a grace period takes %.1f us\n",
               v1::MembarrierMode_Name(mode).c_str(),
               static_cast<double>(median_ns) / 1000);
        EXPECT_GT(median_ns, 0u);
      }
    }
    EXPECT_EQ(load.failures(), 0);
    EXPECT_GT(load.reads(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Flavors, LiveSwitchTest,
                         ::testing::Values(Flavor::kMemb, Flavor::kRseq), FlavorOfTest);

}  // namespace
}  // namespace rcukv
