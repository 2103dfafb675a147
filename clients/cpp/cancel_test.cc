// Client::Cancel, of calls of every kind.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/cpp/bulk_writer.h"
#include "clients/cpp/client.h"
#include "clients/cpp/fake_server.h"

namespace rcukv {
namespace {

TEST(Cancel, EndsCallsOfEveryKindAndThoseThatFollow) {
  FakeServer server;
  // Nobody waits so long.
  const auto client =
      Client::Connect(server.address(), {.call_timeout = absl::Hours(100)}).value();
  server.Hold();
  std::vector<std::thread> blocked;
  blocked.emplace_back(
      [&] { EXPECT_TRUE(absl::IsCancelled(client->Put("a", "b").status())); });
  blocked.emplace_back(
      [&] { EXPECT_TRUE(absl::IsCancelled(client->Get("a").status())); });
  blocked.emplace_back([&] {
    Scanner scanner = client->Scan();
    EXPECT_EQ(scanner.Next(), nullptr);
    EXPECT_TRUE(absl::IsCancelled(scanner.status()));
  });
  blocked.emplace_back([&] {
    BulkWriter writer(*client);
    writer.Put("c", "d");
    writer.Flush();
    const std::vector<BulkWriter::Failure> failures = writer.TakeFailures();
    ASSERT_EQ(failures.size(), 1u);
    EXPECT_TRUE(absl::IsCancelled(failures[0].status));
  });
  server.AwaitHeld(4);
  client->Cancel();
  for (std::thread& thread : blocked) thread.join();
  EXPECT_TRUE(absl::IsCancelled(client->Put("a", "b").status()));
}

}  // namespace
}  // namespace rcukv
