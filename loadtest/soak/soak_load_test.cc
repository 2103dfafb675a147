// The load of a soak, against a server in this process that can be made to lie.
#include "loadtest/soak/soak_load.h"

#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "clients/cpp/client.h"
#include "clients/cpp/fake_server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/soak/soak_data.h"
#include "loadtest/soak/soak_options.h"
#include "loadtest/soak/soak_writer.h"

namespace rcukv::loadtest {
namespace {

using testing::HasSubstr;

class SoakLoadTest : public testing::Test {
 protected:
  SoakLoadTest() {
    options_.callers = 4;
    options_.batch = 10;
    auto client = Client::Connect(server_.address());
    EXPECT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
    const absl::Status filled = FillForSoak(*client_, data_, [](size_t) {});
    EXPECT_TRUE(filled.ok()) << filled;
  }

  // A test that waits for what does not come fails, rather than hangs.
  static constexpr uint64_t kTooMany = 100'000;

  // Loads the server until `enough`, a call fails or there were too many, and stops.
  template <class Enough>
  std::unique_ptr<SoakLoad> LoadUntil(Enough enough) {
    auto load = SoakLoad::Start(server_.address(), options_, data_);
    EXPECT_TRUE(load.ok()) << load.status();
    const SoakTally& tally = (*load)->tally();
    for (SoakCounts counts; !tally.stopping() && !enough(counts) &&
                            counts.gets + counts.batched_gets + counts.writes < kTooMany;
         counts = tally.counts()) {
      std::this_thread::yield();
    }
    (*load)->Stop();
    return *std::move(load);
  }

  // Of a key that is there.
  size_t LiveIndex() const {
    size_t index = 0;
    while (data_.IsDelete(index, 0)) ++index;
    return index;
  }

  static bool SomeAreWrong(const SoakCounts& counts) { return counts.wrong > 0; }

  const SoakData data_{1, 200};
  SoakOptions options_;
  FakeServer server_;
  std::unique_ptr<Client> client_;
};

TEST_F(SoakLoadTest, TheServerIsFilledWithWhatWriteZeroOfEachKeyIs) {
  const auto contents = server_.Contents();
  for (size_t index = 0; index < data_.keys(); ++index) {
    const auto found = contents.find(data_.Key(index));
    ASSERT_EQ(found == contents.end(), data_.IsDelete(index, 0));
    if (found == contents.end()) continue;
    EXPECT_EQ(found->second, data_.Value(index, 0));
  }
}

TEST_F(SoakLoadTest, WhatIsWrittenMeanwhileIsRead) {
  const auto load = LoadUntil([](const SoakCounts& counts) {
    return counts.gets > 500 && counts.batched_gets > 500 && counts.writes > 500;
  });
  EXPECT_EQ(load->tally().counts().wrong, 0u) << load->tally().first_wrong();
  EXPECT_TRUE(load->tally().failure().ok()) << load->tally().failure();
}

TEST_F(SoakLoadTest, AValueOfAnotherKeyIsWrong) {
  options_.writers = 0;
  ASSERT_TRUE(client_->Put(data_.Key(0), data_.Value(1, 1)).ok());
  EXPECT_THAT(LoadUntil(SomeAreWrong)->tally().first_wrong(),
              HasSubstr("not a value of this key"));
}

TEST_F(SoakLoadTest, AnEntryThatIsLostIsWrongToGets) {
  options_.writers = 0;
  options_.batch_callers = 0;
  ASSERT_TRUE(client_->Delete(data_.Key(LiveIndex())).ok());
  EXPECT_THAT(LoadUntil(SomeAreWrong)->tally().first_wrong(), HasSubstr("not found"));
}

TEST_F(SoakLoadTest, AnEntryThatIsLostIsWrongToBatches) {
  options_.writers = 0;
  options_.callers = 0;
  ASSERT_TRUE(client_->Delete(data_.Key(LiveIndex())).ok());
  EXPECT_THAT(LoadUntil(SomeAreWrong)->tally().first_wrong(), HasSubstr("not found"));
}

TEST_F(SoakLoadTest, AnEntryThatIsLostIsWrongToItsDelete) {
  options_.batch_callers = 0;
  options_.callers = 0;
  for (size_t index = 0; index < data_.keys(); ++index) {
    // One that write 1 deletes.
    if (!data_.IsDelete(index, 0) && data_.IsDelete(index, 1)) {
      ASSERT_TRUE(client_->Delete(data_.Key(index)).ok());
    }
  }
  EXPECT_THAT(LoadUntil(SomeAreWrong)->tally().first_wrong(),
              HasSubstr("write 1, a delete, found nothing"));
}

TEST_F(SoakLoadTest, AWriteThatFailsStopsTheLoad) {
  server_.FailPutsWith([](const v1::PutRequest&) {
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "full");
  });
  const auto load = LoadUntil([](const SoakCounts&) { return false; });
  EXPECT_EQ(load->tally().failure().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(SoakLoadTest, AReadThatFailsStopsTheLoad) {
  server_.FailGetsWith([](const v1::BatchGetRequest&) {
    return grpc::Status(grpc::StatusCode::INTERNAL, "broken");
  });
  const auto load = LoadUntil([](const SoakCounts&) { return false; });
  EXPECT_THAT(std::string(load->tally().failure().message()), HasSubstr("broken"));
}

TEST_F(SoakLoadTest, AFullServerCannotBeFilled) {
  server_.FailPutsWith([](const v1::PutRequest&) {
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "full");
  });
  EXPECT_EQ(FillForSoak(*client_, data_, [](size_t) {}).code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace rcukv::loadtest
