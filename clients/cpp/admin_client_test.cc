#include "clients/cpp/admin_client.h"

#include <gtest/gtest.h>

#include "clients/cpp/fake_server.h"

namespace rcukv {
namespace {

class AdminClientTest : public ::testing::Test {
 protected:
  FakeServer server_;
  const std::unique_ptr<AdminClient> admin_ =
      AdminClient::Connect(server_.address(), {.call_timeout = absl::Seconds(30)})
          .value();
};

TEST_F(AdminClientTest, AStatusComesThrough) {
  const auto status = admin_->GetStatus();
  ASSERT_TRUE(status.ok()) << status.status();
  EXPECT_EQ(status->version(), "1.2.3");
}

TEST_F(AdminClientTest, AChangeOfModeAnswersTheOneBefore) {
  v1::UpdateReclamationRequest request;
  request.set_membarrier_mode(v1::NON_EXPEDITED);
  EXPECT_EQ(admin_->UpdateReclamation(request)->previous_membarrier_mode(),
            v1::EXPEDITED);
  EXPECT_EQ(admin_->GetStatus()->membarrier_mode(), v1::NON_EXPEDITED);
}

TEST_F(AdminClientTest, TheServersCodeAndMessageComeThrough) {
  EXPECT_EQ(admin_->DeleteTable("fruit").status(),
            absl::NotFoundError("no table \"fruit\""));
  EXPECT_TRUE(absl::IsUnimplemented(admin_->CreateTable("fruit")));
  EXPECT_TRUE(absl::IsUnimplemented(admin_->ListTables().status()));
}

TEST_F(AdminClientTest, LookupsGetTheTimeTheyTakeOnTopOfTheTimeout) {
  v1::RunLookupsRequest request;
  request.set_duration_ms(60'000);
  const auto response = admin_->RunLookups(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_GT(response->seconds(), 60.0);
  EXPECT_LT(response->seconds(), 91.0);  // On the wire, deadlines are rounded up.
}

TEST_F(AdminClientTest, AServerThatWentAwayIsUnavailable) {
  server_.Stop();
  EXPECT_TRUE(absl::IsUnavailable(admin_->GetStatus().status()));
}

}  // namespace
}  // namespace rcukv
