// A gatherer of writes, and what its tests ask of it.
#ifndef RCUKV_CLIENTS_CPP_WRITE_GATHERER_FOR_TEST_H_
#define RCUKV_CLIENTS_CPP_WRITE_GATHERER_FOR_TEST_H_

#include <gtest/gtest.h>

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "clients/cpp/connection.h"
#include "clients/cpp/fake_server.h"
#include "clients/cpp/write_gatherer.h"

namespace rcukv::internal {

inline constexpr absl::Duration kShort = absl::Milliseconds(50);
// A test that waits so long fails.
inline constexpr absl::Duration kLong = absl::Seconds(60);

// The answer to a WriteAsync.
class Answer {
 public:
  WriteDone Taker() {
    return [this](WriteGatherer::Outcome outcome) {
      EXPECT_FALSE(done_.HasBeenNotified()) << "answered twice";
      outcome_ = std::move(outcome);
      done_.Notify();
    };
  }

  const WriteGatherer::Outcome& Await() {
    EXPECT_TRUE(done_.WaitForNotificationWithTimeout(kLong)) << "not answered";
    return outcome_;
  }
  absl::Status AwaitStatus() { return Await().status(); }
  bool there() const { return done_.HasBeenNotified(); }

 private:
  absl::Notification done_;
  WriteGatherer::Outcome outcome_;
};

class WriteGathererTest : public ::testing::Test {
 protected:
  void NewGatherer(const WriteLimits& limits) {
    gatherer_ = std::make_unique<WriteGatherer>(
        *Connection::Open(server_.address(), {.call_timeout = kLong}), limits);
  }

  WriteGatherer::Outcome Put(std::string_view key, std::string_view value = "",
                             const WriteOptions& options = {}) {
    return gatherer_->Write(EncodePut(key, value, options), options.timeout);
  }
  WriteGatherer::Outcome Delete(std::string_view key, const WriteOptions& options = {}) {
    return gatherer_->Write(EncodeDelete(key, options), options.timeout);
  }
  // The answer is there as long as the test is.
  Answer& PutAsync(std::string_view key, std::string_view value = "",
                   const WriteOptions& options = {}) {
    answers_.emplace_back();
    gatherer_->WriteAsync(EncodePut(key, value, options), options.timeout,
                          answers_.back().Taker());
    return answers_.back();
  }

  // Puts two writes in flight, which stay there until Release, so that others have to
  // wait.
  void HoldTheWay() {
    server_.Hold();
    for (const char* key : {"ahead1", "ahead2"}) PutAsync(key);
    server_.AwaitHeld(2);
  }

  FakeServer server_;
  // A list does not move what it holds.
  std::list<Answer> answers_;
  std::unique_ptr<WriteGatherer> gatherer_ = std::make_unique<WriteGatherer>(
      *Connection::Open(server_.address(), {.call_timeout = kLong}), WriteLimits());
};

}  // namespace rcukv::internal

#endif  // RCUKV_CLIENTS_CPP_WRITE_GATHERER_FOR_TEST_H_
