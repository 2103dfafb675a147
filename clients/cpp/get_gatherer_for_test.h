// A gatherer, and what its tests ask of it.
#ifndef RCUKV_CLIENTS_CPP_GET_GATHERER_FOR_TEST_H_
#define RCUKV_CLIENTS_CPP_GET_GATHERER_FOR_TEST_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "clients/cpp/client.h"
#include "clients/cpp/fake_server.h"
#include "clients/cpp/get_gatherer.h"

namespace rcukv::internal {

inline constexpr absl::Duration kShort = absl::Milliseconds(50);
// A test that waits so long fails.
inline constexpr absl::Duration kLong = absl::Seconds(60);

inline std::string Key(int i) { return absl::StrCat("key", i); }

inline std::vector<std::string> Keys(int first, int count) {
  std::vector<std::string> keys;
  for (int i = first; i < first + count; ++i) keys.push_back(Key(i));
  return keys;
}

// The answer to a GetAsync.
class Answer {
 public:
  GetGatherer::Done Taker() {
    return [this](GetGatherer::Result result) {
      EXPECT_FALSE(done_.HasBeenNotified()) << "answered twice";
      result_ = std::move(result);
      done_.Notify();
    };
  }

  const GetGatherer::Result& Await() {
    EXPECT_TRUE(done_.WaitForNotificationWithTimeout(kLong)) << "not answered";
    return result_;
  }
  bool there() const { return done_.HasBeenNotified(); }

 private:
  absl::Notification done_;
  GetGatherer::Result result_ = std::nullopt;
};

inline std::string ValueOf(const GetGatherer::Result& result) {
  if (!result.ok()) return result.status().ToString();
  return result->has_value() ? (*result)->value : "no such key";
}

class GetGathererTest : public ::testing::Test {
 protected:
  GetGathererTest() {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(client_->Put(Key(i), absl::StrCat("value", i)).ok());
    }
  }

  void NewGatherer(const GatherLimits& limits) {
    gatherer_ = std::make_unique<GetGatherer>(
        *Connection::Open(server_.address(), {.call_timeout = kLong}), limits);
  }

  // Puts two Gets in flight, which stay there until Release, so that others have to wait.
  void HoldTheWay() {
    server_.Hold();
    for (Answer& answer : ahead_) gatherer_->GetAsync("ahead", {}, answer.Taker());
    server_.AwaitHeld(2);
  }

  FakeServer server_;
  const std::unique_ptr<Client> client_ = Client::Connect(server_.address()).value();
  Answer ahead_[2];
  std::unique_ptr<GetGatherer> gatherer_ = std::make_unique<GetGatherer>(
      *Connection::Open(server_.address(), {.call_timeout = kLong}), GatherLimits());
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_GET_GATHERER_FOR_TEST_H_
