#include "clients/cpp/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "clients/cpp/fake_server.h"

namespace rcukv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr absl::Duration kShort = absl::Milliseconds(50);

std::string Message(const absl::Status& status) { return std::string(status.message()); }

class ClientTest : public ::testing::Test {
 protected:
  FakeServer server_;
  const std::unique_ptr<Client> client_ = Client::Connect(server_.address()).value();
};

TEST_F(ClientTest, AValueThatWasPutIsGot) {
  const absl::StatusOr<uint64_t> revision = client_->Put("colour", "green");
  ASSERT_TRUE(revision.ok()) << revision.status();
  const auto value = client_->Get("colour");
  ASSERT_TRUE(value.ok()) << value.status();
  ASSERT_TRUE(value->has_value());
  EXPECT_EQ((*value)->value, "green");
  EXPECT_EQ((*value)->mod_revision, *revision);
}

TEST_F(ClientTest, AKeyThatDoesNotExistIsNoError) {
  const auto value = client_->Get("nothing");
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_FALSE(value->has_value());
}

TEST_F(ClientTest, AGetThatDoesNotBlockCallsBack) {
  ASSERT_TRUE(client_->Put("colour", "green").ok());
  absl::Notification done;
  client_->GetAsync("colour", {}, [&](absl::StatusOr<std::optional<Value>> value) {
    EXPECT_EQ(value.value()->value, "green");
    done.Notify();
  });
  done.WaitForNotification();
}

TEST_F(ClientTest, WithoutGatheringEveryGetIsACallOfItsOwn) {
  const auto client = Client::Connect(server_.address(), {.gather_gets = false}).value();
  ASSERT_TRUE(client->Put("colour", "green").ok());
  EXPECT_EQ(client->Get("colour").value()->value, "green");
  absl::Notification done;
  client->GetAsync("colour", {}, [&](absl::StatusOr<std::optional<Value>> value) {
    EXPECT_EQ(value.value()->value, "green");
    done.Notify();
  });
  done.WaitForNotification();
  EXPECT_EQ(client->BatchGet({"colour", "none"}).value()[0]->value, "green");
  EXPECT_EQ(server_.unary_reads(), 3);
  EXPECT_EQ(server_.streams(), 0);
}

TEST_F(ClientTest, WritesThatDoNotBlockCallBack) {
  absl::Notification put;
  client_->PutAsync("colour", "green", {}, [&](absl::StatusOr<uint64_t> revision) {
    EXPECT_EQ(revision.value(), 1u);
    put.Notify();
  });
  put.WaitForNotification();
  absl::Notification deleted;
  client_->DeleteAsync("colour", {}, [&](absl::StatusOr<Deleted> done) {
    EXPECT_TRUE(done.value().existed);
    EXPECT_EQ(done.value().revision, 2u);
    deleted.Notify();
  });
  deleted.WaitForNotification();
  absl::Notification refused;
  client_->DeleteAsync("colour", {.expected_mod_revision = 1},
                       [&](absl::StatusOr<Deleted> done) {
                         EXPECT_TRUE(absl::IsFailedPrecondition(done.status()));
                         refused.Notify();
                       });
  refused.WaitForNotification();
}

TEST_F(ClientTest, WithoutGatheringEveryWriteIsACallOfItsOwn) {
  for (const bool gather : {false, true}) {
    FakeServer server;
    const auto client =
        Client::Connect(server.address(), {.gather_writes = gather}).value();
    constexpr int kWrites = 4;
    absl::BlockingCounter left(kWrites);
    server.Hold();
    for (int i = 0; i < kWrites; ++i) {
      client->PutAsync(absl::StrCat(i), "", {}, [&](absl::StatusOr<uint64_t> revision) {
        EXPECT_TRUE(revision.ok()) << revision.status();
        left.DecrementCount();
      });
    }
    server.AwaitHeld(gather ? 2 : kWrites);
    server.Release();
    left.Wait();
    EXPECT_EQ(server.Writes().size(), gather ? 3u : 4u);
    EXPECT_TRUE(client->Put("colour", "green").ok());
    EXPECT_TRUE(client->Delete("colour").value().existed);
    EXPECT_EQ(server.Writes().size(), gather ? 5u : 6u);
  }
}

TEST_F(ClientTest, KeysAndValuesAreBytes) {
  const std::string key("\0\xff\n", 3);
  const std::string value("\xc3\0\x28", 3);
  ASSERT_TRUE(client_->Put(key, value).ok());
  EXPECT_EQ(client_->Get(key).value()->value, value);
  EXPECT_THAT(server_.Contents(), ElementsAre(Pair(key, value)));
}

TEST_F(ClientTest, AnEntryHasTheRevisionsOfItsFirstAndLastWrite) {
  const uint64_t first = client_->Put("key", "1").value();
  const uint64_t last = client_->Put("key", "2").value();
  const Entry entry = client_->GetEntry("key").value().value();
  EXPECT_EQ(entry.key, "key");
  EXPECT_EQ(entry.value, "2");
  EXPECT_EQ(entry.create_revision, first);
  EXPECT_EQ(entry.mod_revision, last);
  EXPECT_EQ(entry.expire_time, absl::InfiniteFuture());
}

TEST_F(ClientTest, ABatchIsAnsweredInTheOrderOfItsKeys) {
  ASSERT_TRUE(client_->Put("a", "1").ok());
  ASSERT_TRUE(client_->Put("b", "2").ok());
  const auto values = client_->BatchGet({"b", "none", "a", "b"}).value();
  ASSERT_EQ(values.size(), 4u);
  EXPECT_EQ(values[0]->value, "2");
  EXPECT_FALSE(values[1].has_value());
  EXPECT_EQ(values[2]->value, "1");
  EXPECT_EQ(values[3]->value, "2");
}

TEST_F(ClientTest, ABatchOfNoKeysIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(client_->BatchGet({}).status()));
  bool answered = false;
  client_->BatchGetAsync({}, {}, [&](absl::StatusOr<Values> values) {
    EXPECT_TRUE(absl::IsInvalidArgument(values.status()));
    answered = true;
  });
  EXPECT_TRUE(answered);
}

TEST_F(ClientTest, ABatchThatDoesNotBlockCallsBack) {
  ASSERT_TRUE(client_->Put("colour", "green").ok());
  absl::Notification done;
  client_->BatchGetAsync({"none", "colour"}, {}, [&](absl::StatusOr<Values> values) {
    EXPECT_EQ(values.value()[1]->value, "green");
    done.Notify();
  });
  done.WaitForNotification();
}

TEST_F(ClientTest, ValuesOutliveTheClientAndWhoeverElseHasOnesOfTheirAnswer) {
  ASSERT_TRUE(client_->Put("short", "1").ok());
  const std::string large(100'000, 'v');
  ASSERT_TRUE(client_->Put("large", large).ok());
  Values kept;
  {
    const std::unique_ptr<Client> client = Client::Connect(server_.address()).value();
    const Values values = client->BatchGet({"large", "short"}).value();
    kept = values;
  }
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0]->value, large);
  EXPECT_EQ(kept[1]->value, "1");
}

TEST_F(ClientTest, ValuesThatACallbackKeepsForItselfGoWithIt) {
  ASSERT_TRUE(client_->Put("colour", "green").ok());
  std::unique_ptr<Client> client = Client::Connect(server_.address()).value();
  auto kept = std::make_shared<Values>();
  const std::weak_ptr<Values> watch = kept;
  absl::Notification done;
  client->BatchGetAsync({"colour"}, {}, [&done, kept](absl::StatusOr<Values> values) {
    *kept = values.value();
    done.Notify();
  });
  done.WaitForNotification();
  kept.reset();
  client.reset();  // Returns when callbacks have.
  EXPECT_TRUE(watch.expired());
}

TEST_F(ClientTest, ACallbackGoesWhenItHasReturnedWhateverBecomesOfItsNeighboursValues) {
  ASSERT_TRUE(client_->Put("colour", "green").ok());
  std::unique_ptr<Client> client = Client::Connect(server_.address()).value();
  server_.FailGetsWith([](const v1::BatchGetRequest& request) {
    for (const std::string& key : request.keys()) {
      if (key == "bad") return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad");
    }
    return grpc::Status::OK;
  });
  server_.Hold();
  absl::Notification ahead[2];
  for (absl::Notification& answered : ahead) {
    client->GetAsync("colour", {}, [&](auto) { answered.Notify(); });
  }
  server_.AwaitHeld(2);
  // These share a call, and a batch; the one is refused.
  auto kept = std::make_shared<Values>();
  const std::weak_ptr<Values> watch = kept;
  absl::Notification good;
  client->BatchGetAsync({"colour"}, {}, [&, kept](absl::StatusOr<Values> values) {
    *kept = values.value();
    good.Notify();
  });
  absl::Notification bad;
  client->BatchGetAsync({"bad"}, {}, [&, kept](absl::StatusOr<Values> values) {
    EXPECT_FALSE(values.ok());
    bad.Notify();
  });
  server_.Release();
  good.WaitForNotification();
  bad.WaitForNotification();
  for (absl::Notification& answered : ahead) answered.WaitForNotification();
  kept.reset();
  client.reset();  // Returns when callbacks have.
  EXPECT_TRUE(watch.expired());
}

TEST(ValuesTest, WhatIsMovedFromIsEmpty) {
  FakeServer server;
  const std::unique_ptr<Client> client = Client::Connect(server.address()).value();
  Values values = client->BatchGet({"none", "none"}).value();
  Values moved = std::move(values);
  EXPECT_EQ(moved.size(), 2u);
  EXPECT_TRUE(values.empty());
  values = std::move(moved);
  EXPECT_EQ(values.size(), 2u);
  EXPECT_TRUE(moved.empty());
}

TEST_F(ClientTest, ADeleteTellsWhetherTheKeyExisted) {
  ASSERT_TRUE(client_->Put("key", "value").ok());
  EXPECT_TRUE(client_->Delete("key").value().existed);
  EXPECT_FALSE(client_->Delete("key").value().existed);
  EXPECT_FALSE(client_->Get("key").value().has_value());
}

TEST_F(ClientTest, AnExpectedRevisionIsCompared) {
  const uint64_t revision =
      client_->Put("key", "1", {.expected_mod_revision = 0}).value();
  EXPECT_EQ(client_->Put("key", "2", {.expected_mod_revision = 0}).status(),
            absl::FailedPreconditionError(absl::StrCat("mod_revision is ", revision)));
  EXPECT_TRUE(client_->Put("key", "3", {.expected_mod_revision = revision}).ok());
  EXPECT_EQ(client_->Get("key").value()->value, "3");
}

TEST_F(ClientTest, TheServersCodeAndMessageComeThrough) {
  const absl::Status no_table = absl::NotFoundError("no table \"fruit\"");
  EXPECT_EQ(client_->Get("key", {.table = "fruit"}).status(), no_table);
  EXPECT_EQ(client_->BatchGet({"key"}, {.table = "fruit"}).status(), no_table);
  EXPECT_EQ(client_->Put("key", "value", {.table = "fruit"}).status(), no_table);
}

TEST_F(ClientTest, AValueOfTheLargestSizeComesBackWhole) {
  // A full answer to BatchGet, sixteen times what gRPC lets through by default.
  const std::string value(1 << 20, 'v');
  ASSERT_TRUE(client_->Put("key", value).ok());
  const auto values = client_->BatchGet(std::vector<std::string>(64, "key"),
                                        {.timeout = absl::Seconds(60)});
  ASSERT_TRUE(values.ok()) << values.status();
  for (const std::optional<ValueView>& got : *values) EXPECT_TRUE(got->value == value);
}

TEST_F(ClientTest, ACallEndsAtItsDeadline) {
  server_.Hold();
  const absl::Status status = client_->Get("key", {.timeout = kShort}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(Message(status), HasSubstr("Get"));
  EXPECT_THAT(Message(status), HasSubstr(server_.address()));
  EXPECT_THAT(Message(status), HasSubstr("50ms"));
}

TEST_F(ClientTest, ACallWithoutATimeoutHasTheClients) {
  const auto impatient =
      Client::Connect(server_.address(), {.call_timeout = kShort}).value();
  server_.Hold();
  EXPECT_TRUE(absl::IsDeadlineExceeded(impatient->Put("key", "value").status()));
}

TEST_F(ClientTest, AServerThatWentAwayIsUnavailable) {
  server_.Stop();
  const absl::Status status = client_->Get("key").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(status), HasSubstr(server_.address()));
}

TEST_F(ClientTest, CallsOfSeveralThreadsAreUnderWayAtOnce) {
  constexpr int kThreads = 8;
  const auto client =
      Client::Connect(server_.address(), {.gather_writes = false}).value();
  server_.Hold();
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&client, i] {
      const std::string key = absl::StrCat("key", i);
      ASSERT_TRUE(client->Put(key, key).ok());
      EXPECT_EQ(client->Get(key).value()->value, key);
    });
  }
  server_.AwaitHeld(kThreads);
  server_.Release();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server_.Contents().size(), size_t{kThreads});
}

TEST(ConnectTest, WhereNothingListensTheErrorNamesAddressReasonAndRemedy) {
  std::string address;
  {
    const FakeServer gone;
    address = gone.address();
  }
  const absl::Status status =
      Client::Connect(address, {.connect_timeout = kShort}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(Message(status), HasSubstr(address));
  EXPECT_THAT(Message(status), HasSubstr("Connection refused"));
  EXPECT_THAT(Message(status), HasSubstr("start one"));
}

TEST(ConnectTest, SomethingElseThatListensIsNoServer) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const absl::Status status =
      Client::Connect(absl::StrCat("127.0.0.1:", ntohs(address.sin_port)),
                      {.connect_timeout = kShort})
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  close(listener);
}

TEST(ConnectTest, AnAddressThatIsNoneIsUnavailable) {
  EXPECT_TRUE(absl::IsUnavailable(
      Client::Connect("no such:address", {.connect_timeout = kShort}).status()));
}

}  // namespace
}  // namespace rcukv
