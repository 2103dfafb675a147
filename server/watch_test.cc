// Watch over gRPC: what proto/rcukv/v1/kv.proto promises of it, whatever protects the
// readers, under restarts, with slow clients, and with many at once.
#include <gmock/gmock.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/sync_stream.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/errors.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"
#include "server/server.h"
#include "server/server_for_test.h"
#include "server/store/temporary_directory_for_test.h"
#include "server/table/flavors_for_test.h"

namespace rcukv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::WatchRequest From(uint64_t start_revision) {
  v1::WatchRequest request;
  request.set_start_revision(start_revision);
  return request;
}

v1::WatchRequest OfKey(const std::string& key) {
  v1::WatchRequest request;
  request.set_key(key);
  return request;
}

v1::WatchRequest OfPrefix(const std::string& prefix) {
  v1::WatchRequest request;
  request.set_prefix(prefix);
  return request;
}

class WatchClient {
 public:
  WatchClient(v1::KeyValueService::Stub* stub, const v1::WatchRequest& request) {
    context_.set_deadline(std::chrono::system_clock::now() + kPatience);
    reader_ = stub->Watch(&context_, request);
  }
  ~WatchClient() {
    context_.TryCancel();
    if (!finished_) Finish();
  }

  // The next message; nothing where it has ended.
  std::optional<v1::WatchResponse> Next() {
    v1::WatchResponse response;
    if (!reader_->Read(&response)) return std::nullopt;
    return response;
  }

  // The next message with events, in a line each; nothing where it has ended.
  std::vector<std::string> NextEvents() {
    while (auto message = Next()) {
      if (message->events().empty()) continue;
      std::vector<std::string> lines;
      for (const v1::Event& event : message->events()) {
        lines.push_back(absl::StrCat(event.entry().mod_revision(), " ",
                                     v1::Event::Type_Name(event.type()), " ",
                                     event.entry().key(), "=", event.entry().value()));
      }
      return lines;
    }
    return {};
  }

  grpc::Status Finish() {
    finished_ = true;
    return reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> reader_;
  bool finished_ = false;
};

// Of an OUT_OF_RANGE of Watch: what its details say.
uint64_t OldestRevision(const grpc::Status& status) {
  v1::StatusDetails details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(details.message(), status.error_message());
  if (details.details_size() != 1) {
    ADD_FAILURE() << details.details_size() << " details";
    return 0;
  }
  EXPECT_EQ(details.details(0).type_url(), "type.googleapis.com/rcukv.v1.WatchHistory");
  v1::WatchHistory history;
  EXPECT_TRUE(history.ParseFromString(details.details(0).value()));
  return history.oldest_revision();
}

class ServerWatchTest : public ServerTest {
 protected:
  // What is told first to a watch that begins with `request`, and how it ends.
  grpc::Status Refusal(const v1::WatchRequest& request) {
    WatchClient watch(kv_.get(), request);
    EXPECT_FALSE(watch.Next().has_value());
    return watch.Finish();
  }

  uint64_t PutNow(const std::string& key, const std::string& value) {
    uint64_t revision = 0;
    const grpc::Status status = Put(key, value, {}, "", &revision);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return revision;
  }

  uint64_t DeleteNow(const std::string& key) {
    v1::DeleteRequest request;
    request.set_key(key);
    v1::DeleteResponse response;
    EXPECT_TRUE(Call(kv_.get(), &Kv::Delete, request, &response).ok());
    return response.deleted() ? response.revision() : 0;
  }

  uint64_t PutTogether(const std::vector<std::string>& keys, const std::string& value) {
    v1::TxnRequest request;
    for (const std::string& key : keys) {
      v1::PutRequest& put = *request.add_success()->mutable_put();
      put.set_key(key);
      put.set_value(value);
    }
    v1::TxnResponse response;
    EXPECT_TRUE(Call(kv_.get(), &Kv::Txn, request, &response).ok());
    return response.revision();
  }
};

INSTANTIATE_TEST_SUITE_P(Flavors, ServerWatchTest, EveryFlavor(), FlavorOfTest);

// ---- What is told

TEST_P(ServerWatchTest, TheFirstMessageComesAtOnceAndSaysWhereItBegins) {
  PutNow("a", "1");
  WatchClient watch(kv_.get(), {});
  const std::optional<v1::WatchResponse> first = watch.Next();
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->revision(), 1u);
  EXPECT_THAT(first->events(), IsEmpty());
}

TEST_P(ServerWatchTest, ATableAPrefixOrAKeyIsWatched) {
  WatchClient table(kv_.get(), From(1));
  WatchClient prefix(kv_.get(), OfPrefix("a"));
  WatchClient key(kv_.get(), OfKey("a"));
  for (WatchClient* watch : {&prefix, &key}) ASSERT_TRUE(watch->Next().has_value());
  PutTogether({"a", "ab", "b"}, "v");
  EXPECT_THAT(table.NextEvents(), ElementsAre("1 PUT a=v", "1 PUT ab=v", "1 PUT b=v"));
  EXPECT_THAT(prefix.NextEvents(), ElementsAre("1 PUT a=v", "1 PUT ab=v"));
  EXPECT_THAT(key.NextEvents(), ElementsAre("1 PUT a=v"));
  DeleteNow("a");
  for (WatchClient* watch : {&table, &prefix, &key}) {
    EXPECT_THAT(watch->NextEvents(), ElementsAre("2 DELETE a="));
  }
}

TEST_P(ServerWatchTest, AnEventHasTheWholeEntry) {
  PutNow("k", "old");
  const std::string large(100'000, 'v');
  WatchClient watch(kv_.get(), From(2));
  PutNow("k", large);
  std::optional<v1::WatchResponse> message = watch.Next();
  while (message.has_value() && message->events().empty()) message = watch.Next();
  ASSERT_TRUE(message.has_value());
  const v1::Entry& entry = message->events(0).entry();
  EXPECT_EQ(entry.value(), large);
  EXPECT_EQ(entry.mod_revision(), 2u);
  EXPECT_EQ(entry.create_revision(), 1u);
  EXPECT_EQ(entry.expire_time(), 0u);
}

TEST_P(ServerWatchTest, AWatchFromARevisionIsToldWhatCameSince) {
  for (int i = 1; i <= 5; ++i) PutNow("k", absl::StrCat(i));
  EXPECT_THAT(WatchClient(kv_.get(), From(4)).NextEvents(),
              ElementsAre("4 PUT k=4", "5 PUT k=5"));
}

TEST_P(ServerWatchTest, WhoIsToldOfAChangeCanReadIt) {
  WatchClient watch(kv_.get(), From(1));
  std::thread writer([this] {
    for (int i = 1; i <= 200; ++i) PutNow("k", absl::StrCat(i));
  });
  uint64_t told = 0;
  while (told < 200) {
    const std::optional<v1::WatchResponse> message = watch.Next();
    ASSERT_TRUE(message.has_value());
    told = message->revision();
    v1::GetRequest get;
    get.set_key("k");
    get.set_min_revision(told);
    v1::GetResponse response;
    const grpc::Status status = Call(kv_.get(), &Kv::Get, get, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_GE(response.entry().mod_revision(), told);
  }
  writer.join();
}

TEST_P(ServerWatchTest, AQuietWatchLearnsHowFarRevisionsAre) {
  options_.watch_progress_interval = std::chrono::milliseconds(10);
  Start();
  WatchClient watch(kv_.get(), OfKey("quiet"));
  for (int i = 0; i < 20; ++i) PutNow("loud", "v");
  uint64_t told = 0;
  while (told < 20) {
    const std::optional<v1::WatchResponse> message = watch.Next();
    ASSERT_TRUE(message.has_value());
    EXPECT_THAT(message->events(), IsEmpty());
    EXPECT_GE(message->revision(), told);
    told = message->revision();
  }
  EXPECT_EQ(told, 20u);
}

// ---- What is refused

TEST_P(ServerWatchTest, ABadRequestIsNamed) {
  v1::WatchRequest both = OfKey("k");
  both.set_prefix("p");
  ExpectInvalid(Refusal(both), {"key", "prefix"});
  ExpectInvalid(Refusal(OfKey(std::string(5000, 'k'))), {"key: 5000 bytes", "4096"});
  ExpectInvalid(Refusal(OfPrefix(std::string(5000, 'k'))), {"prefix: 5000 bytes"});
  v1::WatchRequest nowhere;
  nowhere.set_table("nowhere");
  ExpectError(Refusal(nowhere), grpc::StatusCode::NOT_FOUND, {"nowhere"});
  ExpectError(Refusal(From(2)), grpc::StatusCode::FAILED_PRECONDITION,
              {"start_revision: 2", "at 0"});
}

TEST_P(ServerWatchTest, AHistoryOfNoBytesCannotBeWatched) {
  options_.watches.max_bytes = 0;
  Start();
  ExpectError(Refusal({}), grpc::StatusCode::UNIMPLEMENTED, {"watch_history_bytes"});
}

TEST_P(ServerWatchTest, ThereAreAsManyAsThereMayBeAndOneThatEndsMakesRoom) {
  options_.watches.max_watches = 2;
  Start();
  auto first = std::make_unique<WatchClient>(kv_.get(), v1::WatchRequest());
  WatchClient second(kv_.get(), {});
  ASSERT_TRUE(first->Next().has_value());
  ASSERT_TRUE(second.Next().has_value());
  ExpectError(Refusal({}), grpc::StatusCode::RESOURCE_EXHAUSTED, {"2", "max_watches"});
  first.reset();
  // The server learns of it a little later.
  while (!WatchClient(kv_.get(), {}).Next().has_value()) std::this_thread::yield();
}

TEST_P(ServerWatchTest, DeletingATableEndsItsWatches) {
  v1::CreateTableRequest create;
  create.set_name("t");
  v1::CreateTableResponse created;
  ASSERT_TRUE(Call(admin_.get(), &Admin::CreateTable, create, &created).ok());
  v1::WatchRequest request;
  request.set_table("t");
  WatchClient watch(kv_.get(), request);
  ASSERT_TRUE(watch.Next().has_value());
  ASSERT_TRUE(Put("k", "v", {}, "t").ok());
  EXPECT_THAT(watch.NextEvents(), ElementsAre("1 PUT k=v"));
  v1::DeleteTableRequest drop;
  drop.set_name("t");
  v1::DeleteTableResponse dropped;
  ASSERT_TRUE(Call(admin_.get(), &Admin::DeleteTable, drop, &dropped).ok());
  EXPECT_THAT(watch.NextEvents(), IsEmpty());
  ExpectError(watch.Finish(), grpc::StatusCode::NOT_FOUND, {"t", "deleted"});
}

// ---- The end of the history

TEST_P(ServerWatchTest, WhatTheHistoryHasNoLongerIsOutOfRangeAndTheOldestIsNamed) {
  options_.watches.max_bytes = 4096;
  Start();
  for (int i = 1; i <= 200; ++i) PutNow("k", std::string(100, 'v'));
  const grpc::Status refused = Refusal(From(1));
  ExpectError(refused, grpc::StatusCode::OUT_OF_RANGE, {"watch_history_bytes"});
  const uint64_t oldest = OldestRevision(refused);
  EXPECT_GT(oldest, 100u);
  EXPECT_THAT(refused.error_message(), HasSubstr(absl::StrCat("revision ", oldest)));
  WatchClient watch(kv_.get(), From(oldest));
  EXPECT_THAT(watch.NextEvents().at(0), HasSubstr(absl::StrCat(oldest, " PUT k=")));
}

// Its connection has a window of fixed size, and it does not read.
TEST_P(ServerWatchTest, ASlowClientIsCutOffAndResumesByRevision) {
  options_.watches.max_bytes = 256 << 10;
  Start();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  const auto stub = v1::KeyValueService::NewStub(grpc::CreateCustomChannel(
      server_->address(), grpc::InsecureChannelCredentials(), arguments));
  WatchClient slow(stub.get(), From(1));
  constexpr int kWrites = 400;
  for (int i = 1; i <= kWrites; ++i) PutNow("k", std::string(20'000, 'v'));
  uint64_t told = 0;
  while (const std::optional<v1::WatchResponse> message = slow.Next()) {
    for (const v1::Event& event : message->events()) {
      EXPECT_EQ(event.entry().mod_revision(), ++told);
    }
    EXPECT_EQ(message->revision(), told);
  }
  const grpc::Status cut_off = slow.Finish();
  ExpectError(cut_off, grpc::StatusCode::OUT_OF_RANGE, {});
  EXPECT_GT(OldestRevision(cut_off), told + 1);
  // As it is told: reads the table, and goes on behind the revision of that.
  const uint64_t read = Get("k").revision();
  EXPECT_EQ(read, static_cast<uint64_t>(kWrites));
  WatchClient next(kv_.get(), From(read + 1));
  PutNow("k", "next");
  EXPECT_THAT(next.NextEvents(), ElementsAre("401 PUT k=next"));
}

// ---- The end of the server

TEST_P(ServerWatchTest, AServerThatEndsTellsEachWatchTheLastChange) {
  WatchClient loud(kv_.get(), From(1));
  WatchClient quiet(kv_.get(), OfKey("quiet"));
  std::vector<std::thread> writers;
  std::atomic<uint64_t> newest{0};
  for (int i = 0; i < 3; ++i) {
    writers.emplace_back([this, i, &newest] {
      uint64_t revision = 0;
      while (Put(absl::StrCat("k", i), "v", {}, "", &revision).ok()) {
        uint64_t before = newest.load();
        while (before < revision && !newest.compare_exchange_weak(before, revision)) {
        }
      }
    });
  }
  while (newest < 100) std::this_thread::yield();
  std::future<void> ended = std::async(
      std::launch::async, [this] { EXPECT_TRUE(server_->Shutdown(kPatience).ok()); });
  for (WatchClient* watch : {&loud, &quiet}) {
    uint64_t told = 0;
    uint64_t events = 0;
    while (const std::optional<v1::WatchResponse> message = watch->Next()) {
      told = message->revision();
      events += message->events().size();
    }
    ExpectError(watch->Finish(), grpc::StatusCode::UNAVAILABLE, {"shutting down"});
    for (std::thread& writer : writers) {
      if (writer.joinable()) writer.join();
    }
    EXPECT_EQ(told, newest);
    EXPECT_EQ(events, watch == &loud ? told : 0);
  }
  ended.wait();
  server_.reset();
}

TEST_P(ServerWatchTest, IdleWatchesDoNotHoldUpAServerThatEnds) {
  std::vector<std::unique_ptr<WatchClient>> watches;
  for (int i = 0; i < 20; ++i) {
    watches.push_back(std::make_unique<WatchClient>(kv_.get(), v1::WatchRequest()));
    ASSERT_TRUE(watches.back()->Next().has_value());
  }
  server_.reset();
  for (const auto& watch : watches) EXPECT_FALSE(watch->Next().has_value());
}

// ---- Restarts

class DurableWatchTest : public ServerWatchTest {
 protected:
  ~DurableWatchTest() override { server_.reset(); }

  void SetUp() override {
    options_.store = StoreKind::kRocksDb;
    options_.durability = Durability::kAsync;
    options_.data_dir = directory_.path() + "/data";
    Start();
  }

 private:
  TemporaryDirectory directory_;
};

// The store's part of it is the same with each.
INSTANTIATE_TEST_SUITE_P(Flavors, DurableWatchTest,
                         testing::Values(Flavor::kMemb, Flavor::kQsbr), FlavorOfTest);

TEST_P(DurableWatchTest, AWatchResumesOverARestart) {
  WatchClient quiet(kv_.get(), OfKey("quiet"));
  for (int i = 1; i <= 10; ++i) PutNow("loud", "v");
  std::future<void> ended = std::async(
      std::launch::async, [this] { EXPECT_TRUE(server_->Shutdown(kPatience).ok()); });
  uint64_t told = 0;
  while (const std::optional<v1::WatchResponse> message = quiet.Next()) {
    told = message->revision();
  }
  EXPECT_EQ(told, 10u);
  ended.wait();
  Start();
  v1::WatchRequest resumed = OfKey("quiet");
  resumed.set_start_revision(told + 1);
  WatchClient again(kv_.get(), resumed);
  EXPECT_EQ(PutNow("quiet", "v"), 11u);
  EXPECT_THAT(again.NextEvents(), ElementsAre("11 PUT quiet=v"));
}

TEST_P(DurableWatchTest, WhatWasBeforeARestartIsOutOfRange) {
  for (int i = 1; i <= 10; ++i) PutNow("k", "v");
  Start();
  const grpc::Status refused = Refusal(From(10));
  ExpectError(refused, grpc::StatusCode::OUT_OF_RANGE, {});
  EXPECT_EQ(OldestRevision(refused), 11u);
}

TEST_P(DurableWatchTest, ARevisionThatWasLostIsNotWaitedFor) {
  PutNow("k", "v");
  Start();
  ExpectError(Refusal(From(3)), grpc::StatusCode::FAILED_PRECONDITION,
              {"start_revision: 3", "at 1", "lost"});
}

// ---- Many

// What happened at each revision: key -> value, "" for a Delete.
using Revisions = std::map<uint64_t, std::map<std::string, std::string>>;

class ManyWatchesTest : public ServerWatchTest {
 protected:
  // Watches a prefix until everything up to `end` was told, in calls that it gives up at
  // random; returns what it was told.
  Revisions Follow(const std::string& prefix, uint32_t seed,
                   const std::atomic<uint64_t>& end) {
    std::minstd_rand random(seed);
    Revisions revisions;
    uint64_t told = 0;
    while (told < end && !HasFailure()) {
      v1::WatchRequest request = OfPrefix(prefix);
      request.set_start_revision(told + 1);
      WatchClient watch(kv_.get(), request);
      for (uint32_t messages = 1 + random() % 50; messages > 0 && told < end;
           --messages) {
        const std::optional<v1::WatchResponse> message = watch.Next();
        EXPECT_TRUE(message.has_value());
        if (!message.has_value()) return revisions;
        Take(*message, told, revisions);
        told = message->revision();
      }
    }
    return revisions;
  }

  static void Take(const v1::WatchResponse& message, uint64_t told,
                   Revisions& revisions) {
    uint64_t newest = told;
    for (const v1::Event& event : message.events()) {
      const uint64_t revision = event.entry().mod_revision();
      EXPECT_GT(revision, told) << "not atomic, or not ordered";
      EXPECT_GE(revision, newest) << "not ordered";
      newest = revision;
      EXPECT_TRUE(
          revisions[revision].emplace(event.entry().key(), event.entry().value()).second)
          << "not unique";
    }
    EXPECT_GE(message.revision(), newest);
  }

  // Puts, deletes and transactions over a few keys.
  Revisions Write(uint32_t seed, int writes) {
    std::minstd_rand random(seed);
    Revisions revisions;
    for (int i = 0; i < writes; ++i) {
      const std::string value = absl::StrCat(seed, ".", i);
      const std::string key = absl::StrCat(random() % 2 == 0 ? "a/" : "b/", random() % 4);
      switch (random() % 3) {
        case 0:
          revisions[PutNow(key, value)][key] = value;
          break;
        case 1:
          if (const uint64_t revision = DeleteNow(key)) revisions[revision][key] = "";
          break;
        default:
          const std::vector<std::string> keys = {"a/0", "a/1", "b/0"};
          auto& changes = revisions[PutTogether(keys, value)];
          for (const std::string& each : keys) changes[each] = value;
      }
    }
    return revisions;
  }
};

INSTANTIATE_TEST_SUITE_P(Flavors, ManyWatchesTest, EveryFlavor(), FlavorOfTest);

TEST_P(ManyWatchesTest, AreToldEveryEventOnceInOrderAndRevisionsAsAWhole) {
  options_.watch_progress_interval = std::chrono::milliseconds(10);
  Start();
  constexpr int kWriters = 3;
  std::atomic<uint64_t> end{UINT64_MAX};
  const std::vector<std::string> prefixes = {"", "a/", "b/", "a/1"};
  std::vector<std::future<Revisions>> watches;
  for (uint32_t i = 0; i < 2 * prefixes.size(); ++i) {
    watches.push_back(std::async(std::launch::async, [&, i] {
      return Follow(prefixes[i % prefixes.size()], i + 1, end);
    }));
  }
  std::vector<std::future<Revisions>> writers;
  for (uint32_t i = 0; i < kWriters; ++i) {
    writers.push_back(
        std::async(std::launch::async, [&, i] { return Write(i + 1, 100); }));
  }
  Revisions written;
  for (auto& writer : writers) written.merge(writer.get());
  end = written.rbegin()->first;
  // Whoever has not seen yet that this is the end is told of one more.
  written[PutNow("a/1", "last")]["a/1"] = "last";
  for (size_t i = 0; i < watches.size(); ++i) {
    Revisions told = watches[i].get();
    Revisions expected;
    for (const auto& [revision, changes] : written) {
      for (const auto& [key, value] : changes) {
        if (!key.starts_with(prefixes[i % prefixes.size()])) continue;
        expected[revision][key] = value;
      }
    }
    // The last may have been told or not.
    told.erase(written.rbegin()->first);
    expected.erase(written.rbegin()->first);
    EXPECT_EQ(told, expected) << i;
  }
}

}  // namespace
}  // namespace rcukv
