#include "loadtest/base/fill.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/client.h"
#include "clients/cpp/fake_server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::ElementsAre;

class FillTest : public testing::Test {
 protected:
  FillTest() : client_(*Client::Connect(server_.address())), writer_(*client_) {}

  FakeServer server_;
  std::unique_ptr<Client> client_;
  BulkWriter writer_;
};

TEST_F(FillTest, PutsEachIndexOnceAndTellsTheProgress) {
  std::vector<size_t> progress;
  const auto put = [&](size_t index) {
    return writer_.Put(absl::StrCat("key", index), "value");
  };
  const absl::Status status =
      Fill(writer_, 1, 2001, put, [&](size_t index) { progress.push_back(index); });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(writer_.written(), 2000u);
  EXPECT_THAT(progress, ElementsAre(1000, 2000));
}

TEST_F(FillTest, TheFirstWriteThatFailsEndsIt) {
  server_.FailPutsWith([](const v1::PutRequest& request) {
    return request.key() == "key7"
               ? grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "full")
               : grpc::Status::OK;
  });
  size_t puts = 0;
  const auto put = [&](size_t index) {
    ++puts;
    return writer_.Put(absl::StrCat("key", index), "value");
  };
  const absl::Status status = Fill(writer_, 0, 1'000'000, put, [](size_t) {});
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_LT(puts, 1'000'000u);
  // It was taken.
  EXPECT_TRUE(FirstFailure(writer_).ok());
}

}  // namespace
}  // namespace rcukv::loadtest
