// What SNAPSHOT promises, from request bytes to response bytes; whatever protects the
// tables. What holds for PER_KEY as well is tested through gRPC: server_test.
#include "server/service/read_path.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "rcu/entry.h"
#include "server/service/flattened.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/store/memory_store.h"
#include "server/store/store.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {
namespace {

constexpr uint64_t kKeys = 16;

std::string KeyOf(uint64_t i) { return absl::StrCat("key", i); }

// Of `keys` keys of a table.
std::string BatchGetBytes(v1::Consistency consistency, uint64_t keys,
                          const std::string& table = "") {
  v1::BatchGetRequest request;
  request.set_table(table);
  request.set_consistency(consistency);
  for (uint64_t i = 0; i < keys; ++i) request.add_keys(KeyOf(i));
  return request.SerializeAsString();
}

class ReadPathTest : public FlavorTest {
 protected:
  void SetUp() override {
    FlavorTest::SetUp();
    if (IsSkipped()) return;
    directory_ = std::make_unique<TableDirectory>(protection());
    store_ =
        std::make_unique<MemoryStore>(protection(), *directory_, MemoryStore::Options());
  }
  void TearDown() override {
    store_.reset();
    directory_.reset();
  }

  TableDirectory& directory() { return *directory_; }

  // Each reader has one of its own.
  struct Client {
    explicit Client(const ReadPathTest& test,
                    ReadSection section = ReadSection::kPerBatch)
        : tables(*test.directory_), path(Limits(), section, test.store_.get(), &tables) {}

    absl::Status BatchGet(const std::string& request, v1::BatchGetResponse* response) {
      OutputBuffer bytes;
      const absl::Status status = path.BatchGet(request, &bytes);
      if (!status.ok()) return status;
      EXPECT_TRUE(response->ParseFromString(Flattened(std::move(bytes))));
      return status;
    }

    TableDirectory::Reader tables;
    ReadPath path;
  };

  // Revision r writes key r % kKeys; returns when all are published.
  void WriteRoundRobin(uint64_t writes) {
    std::promise<void> all;
    for (uint64_t i = 0; i < writes; ++i) {
      const bool last = i + 1 == writes;
      store_->Submit({.table = directory_->FindShared(""),
                      .key = KeyOf(next_revision_++ % kKeys),
                      .value = "value",
                      .done = [&all, last](absl::StatusOr<WriteResult> result) {
                        EXPECT_TRUE(result.ok()) << result.status();
                        if (last) all.set_value();
                      }});
    }
    all.get_future().wait();
  }

  // BatchGets of all keys beside WriteRoundRobin, until one is not of one moment, or
  // each of so many had a newer revision than those before. Returns whether one was not.
  bool FindsTornBatch(ReadSection section, v1::Consistency consistency, size_t batches) {
    WriteRoundRobin(kKeys);
    std::atomic<bool> end{false};
    std::thread writer([&] {
      // relaxed: ends the loop, at some time.
      while (!end.load(std::memory_order_relaxed)) WriteRoundRobin(5 * kKeys / 2);
    });
    Client client(*this, section);
    const std::string request = BatchGetBytes(consistency, kKeys);
    bool torn = false;
    uint64_t newest = 0;
    for (size_t newer = 0; !torn && newer < batches;) {
      v1::BatchGetResponse response;
      const absl::Status status = client.BatchGet(request, &response);
      EXPECT_TRUE(status.ok()) << status;
      torn = !IsOfOneMoment(response);
      if (response.revision() > newest) ++newer;
      newest = response.revision();
    }
    end.store(true, std::memory_order_relaxed);
    writer.join();
    return torn;
  }

 private:
  // Whether it shows the writes up to one revision: then the newest of each key are the
  // last kKeys of them, one after another.
  static bool IsOfOneMoment(const v1::BatchGetResponse& response) {
    std::vector<uint64_t> revisions;
    for (const auto& result : response.results()) {
      revisions.push_back(result.mod_revision());
    }
    const auto [oldest, newest] = std::minmax_element(revisions.begin(), revisions.end());
    return revisions.size() == kKeys && *newest - *oldest == kKeys - 1 &&
           *newest >= response.revision();
  }

  std::unique_ptr<TableDirectory> directory_;
  std::unique_ptr<MemoryStore> store_;
  uint64_t next_revision_ = 1;
};

TEST_P(ReadPathTest, ASnapshotAnswersWhatOneKeyAfterAnotherDoes) {
  WriteRoundRobin(kKeys - 1);
  Client client(*this);
  v1::BatchGetResponse snapshot;
  v1::BatchGetResponse per_key;
  ASSERT_TRUE(client.BatchGet(BatchGetBytes(v1::SNAPSHOT, kKeys), &snapshot).ok());
  ASSERT_TRUE(client.BatchGet(BatchGetBytes(v1::PER_KEY, kKeys), &per_key).ok());
  EXPECT_EQ(snapshot.SerializeAsString(), per_key.SerializeAsString());
  EXPECT_FALSE(snapshot.results(0).found());
  EXPECT_EQ(snapshot.results(5).mod_revision(), 5u);
  EXPECT_EQ(snapshot.revision(), kKeys - 1);
}

TEST_P(ReadPathTest, ASnapshotShowsEveryWriteUpToSomeRevisionAndNoneAfterIt) {
  EXPECT_FALSE(FindsTornBatch(ReadSection::kPerKey, v1::SNAPSHOT, 200));
}

// The test above could fail: without SNAPSHOT it does, within moments.
TEST_P(ReadPathTest, OneKeyAfterAnotherShowsSeveralMoments) {
  EXPECT_TRUE(FindsTornBatch(ReadSection::kPerKey, v1::PER_KEY,
                             std::numeric_limits<size_t>::max()));
}

TEST_P(ReadPathTest, ASnapshotOfATableThatIsBeingDeletedIsWholeOrNotFound) {
  constexpr uint64_t kEntries = 3000;
  constexpr int kRounds = 30;
  const std::string request = BatchGetBytes(v1::SNAPSHOT, kEntries, "doomed");
  for (int round = 0; round < kRounds; ++round) {
    ASSERT_TRUE(directory().Create("doomed").ok());
    const std::shared_ptr<Table> table = directory().FindShared("doomed");
    for (uint64_t i = 0; i < kEntries; ++i) {
      ASSERT_EQ(table->Upsert(rcu::Entry::New(KeyOf(i), "value")), nullptr);
    }
    Client client(*this);
    std::thread deleter([&] { EXPECT_TRUE(directory().Delete("doomed").ok()); });
    absl::Status status;
    while (status.ok()) {
      v1::BatchGetResponse response;
      status = client.BatchGet(request, &response);
      if (!status.ok()) break;
      const bool whole = std::all_of(response.results().begin(), response.results().end(),
                                     [](const auto& result) { return result.found(); });
      EXPECT_TRUE(whole);
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    deleter.join();
  }
}

INSTANTIATE_TEST_SUITE_P(Flavors, ReadPathTest, EveryFlavor(), FlavorOfTest);

}  // namespace
}  // namespace rcukv
