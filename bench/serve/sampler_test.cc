// The sampler itself, with our server and with stand-ins for the peers'.
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bench/command.h"
#include "bench/figures.h"
#include "bench/serve/data.h"
#include "bench/serve/fake_peer.h"
#include "bench/serve/sample_options.h"
#include "bench/serve/socket.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/process/server_process.h"

namespace rcukv::bench {
namespace {

constexpr char kSampler[] = "bench/serve/sampler";
constexpr char kServer[] = "server/rcukv_server";
constexpr int64_t kEntries = 3000;

absl::StatusOr<Figures> Sample(const ServeSampleOptions& options) {
  std::vector<std::string> command = ArgumentsOf(options);
  command.insert(command.begin(), kSampler);
  const absl::StatusOr<Finished> finished = RunToEnd(command);
  if (!finished.ok()) return finished.status();
  return ParseFigures(finished->output);
}

ServeSampleOptions Asked(Protocol protocol, int port, Work work,
                         Shape shape = Shape::kThreads) {
  return {.work = work,
          .protocol = protocol,
          .port = port,
          .pid = getpid(),
          .entries = kEntries,
          .shape = shape,
          .callers = 5,
          .loops = 2,
          .keys = 40,
          .rate = 2000,
          .seconds = 0.05};
}

// Every load of a server of `protocol`, after filling it. The sampler checks each value.
void ExpectEveryLoadToWork(Protocol protocol, int port) {
  auto filled = Sample(Asked(protocol, port, Work::kFill));
  ASSERT_TRUE(filled.ok()) << filled.status();
  for (const Shape shape : {Shape::kThreads, Shape::kEvents}) {
    for (const Work work : {Work::kGet, Work::kBatch, Work::kPaced, Work::kPut}) {
      auto figures = Sample(Asked(protocol, port, work, shape));
      ASSERT_TRUE(figures.ok()) << figures.status();
      EXPECT_EQ(figures->count("keys_per_second"), 1u);
      if (work == Work::kPaced) {
        EXPECT_GT((*figures)["p50_us"], 0);
        EXPECT_GE((*figures)["p99_us"], (*figures)["p50_us"]);
        EXPECT_GE((*figures)["max_us"], (*figures)["p99_us"] * 0.99);
      }
    }
  }
}

TEST(ServeSampler, PutsEveryLoadOnOurServer) {
  const auto server = loadtest::ServerProcess::Start(kServer, {"--threads=1"});
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->addresses().data;
  ExpectEveryLoadToWork(Protocol::kRcukv,
                        std::stoi(address.substr(address.rfind(':') + 1)));
}

TEST(ServeSampler, SetsThatArePipelinedOnOneConnectionAreEachStored) {
  // Stays: its threads are never told to end.
  static FakePeer* const peer = new FakePeer();
  ServeSampleOptions options =
      Asked(Protocol::kRedis, peer->port(), Work::kPut, Shape::kPipeline);
  options.loops = 1;
  auto figures = Sample(options);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_GT((*figures)["keys_per_second"], 0);
  peer->RefuseSets();
  EXPECT_EQ(Sample(options).status().code(), absl::StatusCode::kInternal);
}

TEST(ServeSampler, WritesBesideAnOpenLoopAreCounted) {
  const auto server = loadtest::ServerProcess::Start(kServer, {"--threads=1"});
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->addresses().data;
  const int port = std::stoi(address.substr(address.rfind(':') + 1));
  ASSERT_TRUE(Sample(Asked(Protocol::kRcukv, port, Work::kFill)).ok());
  for (const Shape shape : {Shape::kThreads, Shape::kEvents}) {
    ServeSampleOptions paced = Asked(Protocol::kRcukv, port, Work::kPaced, shape);
    paced.writers = 4;
    auto figures = Sample(paced);
    ASSERT_TRUE(figures.ok()) << figures.status();
    EXPECT_GT((*figures)["puts_per_second"], 0);
    EXPECT_GT((*figures)["p99_us"], 0);
  }
}

TEST(ServeSampler, AWriteThatIsNotStoredEndsTheSample) {
  const auto server =
      loadtest::ServerProcess::Start(kServer, {"--threads=1", "--memory_limit=1"});
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->addresses().data;
  const int port = std::stoi(address.substr(address.rfind(':') + 1));
  // Stays: its threads are never told to end.
  static FakePeer* const peer = new FakePeer();
  peer->RefuseSets();
  for (const Shape shape : {Shape::kThreads, Shape::kEvents}) {
    EXPECT_EQ(Sample(Asked(Protocol::kRcukv, port, Work::kPut, shape)).status().code(),
              absl::StatusCode::kInternal);
    for (const Protocol protocol : {Protocol::kRedis, Protocol::kMemcacheText}) {
      EXPECT_EQ(Sample(Asked(protocol, peer->port(), Work::kPut, shape)).status().code(),
                absl::StatusCode::kInternal);
    }
  }
}

TEST(ServeSampler, ChecksTheHealthOfOurServerBesideALoad) {
  const auto server = loadtest::ServerProcess::Start(kServer, {"--threads=1"});
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->addresses().data;
  const int port = std::stoi(address.substr(address.rfind(':') + 1));
  ASSERT_TRUE(Sample(Asked(Protocol::kRcukv, port, Work::kFill)).ok());
  for (const Work work : {Work::kGet, Work::kPaced}) {
    ServeSampleOptions checked = Asked(Protocol::kRcukv, port, work);
    checked.health_checks = 1000;
    const auto figures = Sample(checked);
    EXPECT_TRUE(figures.ok()) << figures.status();
  }
}

TEST(ServeSampler, HealthChecksThatAreNotAnsweredEndTheSample) {
  const absl::StatusOr<int> port = FreePort();
  ASSERT_TRUE(port.ok());
  ServeSampleOptions checked = Asked(Protocol::kRcukv, *port, Work::kGet);
  checked.health_checks = 1000;
  EXPECT_EQ(Sample(checked).status().code(), absl::StatusCode::kInternal);
}

TEST(ServeSampler, PutsEveryLoadOnAPeer) {
  // Stays: its threads are never told to end.
  static FakePeer* const peer = new FakePeer();
  for (const Protocol protocol :
       {Protocol::kRedis, Protocol::kMemcacheText, Protocol::kMemcacheMeta}) {
    ExpectEveryLoadToWork(protocol, peer->port());
  }
}

// That of another key, that of another protocol's idea of a line, or none: whatever comes
// back, it is not counted as an answer.
TEST(ServeSampler, AWrongAnswerOfAPeerEndsTheSample) {
  static FakePeer* const peer = new FakePeer();
  for (const Protocol protocol :
       {Protocol::kRedis, Protocol::kMemcacheText, Protocol::kMemcacheMeta}) {
    ASSERT_TRUE(Sample(Asked(protocol, peer->port(), Work::kFill)).ok());
    // Most are right, and one in three is another's.
    for (uint32_t i = 0; i < kEntries; i += 3) {
      peer->Set(std::string(KeyOf(i).bytes()), std::string(ValueOf(i + 1).bytes()));
    }
    for (const Work work : {Work::kGet, Work::kBatch, Work::kPaced}) {
      EXPECT_EQ(Sample(Asked(protocol, peer->port(), work)).status().code(),
                absl::StatusCode::kInternal);
    }
    for (uint32_t i = 0; i < kEntries; i += 3) {
      peer->Erase(std::string(KeyOf(i).bytes()));
    }
    for (const Work work : {Work::kGet, Work::kBatch, Work::kPaced}) {
      EXPECT_EQ(Sample(Asked(protocol, peer->port(), work)).status().code(),
                absl::StatusCode::kInternal);
    }
  }
}

// The others' entries were put by another program, such as a client with other values.
TEST(ServeSampler, AWrongAnswerOfOursEndsTheSample) {
  const auto server = loadtest::ServerProcess::Start(kServer, {"--threads=1"});
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->addresses().data;
  const int port = std::stoi(address.substr(address.rfind(':') + 1));
  // Fewer entries than are asked for.
  ServeSampleOptions fill = Asked(Protocol::kRcukv, port, Work::kFill);
  fill.entries = kEntries / 2;
  ASSERT_TRUE(Sample(fill).ok());
  for (const Work work : {Work::kGet, Work::kBatch, Work::kPaced}) {
    EXPECT_EQ(Sample(Asked(Protocol::kRcukv, port, work)).status().code(),
              absl::StatusCode::kInternal);
  }
  EXPECT_EQ(
      Sample(Asked(Protocol::kRcukv, port, Work::kGet, Shape::kEvents)).status().code(),
      absl::StatusCode::kInternal);
}

TEST(ServeSampler, AServerThatIsNotThereIsAnError) {
  const absl::StatusOr<int> port = FreePort();
  ASSERT_TRUE(port.ok());
  EXPECT_EQ(Sample(Asked(Protocol::kRedis, *port, Work::kGet)).status().code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace rcukv::bench
