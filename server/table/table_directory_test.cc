#include "server/table/table_directory.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/table/flavors_for_test.h"
#include "server/table/protection.h"

namespace rcukv {
namespace {

class TableDirectoryTest : public FlavorTest {
 protected:
  void SetUp() override {
    FlavorTest::SetUp();
    if (!IsSkipped()) directory_ = std::make_unique<TableDirectory>(protection());
  }

  TableDirectory& directory() { return *directory_; }

  static void Fill(Table& table, size_t count, TableDirectoryTest* test) {
    for (size_t i = 0; i < count; ++i) {
      const rcu::Entry* unlinked =
          table.Upsert(rcu::Entry::New(absl::StrCat("key", i), table.name()));
      if (unlinked == nullptr) continue;
      test->protection().Reclaim({&unlinked, 1}, ReclaimMode::kCallRcu);
    }
  }
  void Fill(std::string_view name, size_t count) {
    Fill(*directory().FindShared(name), count, this);
  }

  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const auto& table : directory().List()) names.push_back(table.name);
    return names;
  }

 private:
  std::unique_ptr<TableDirectory> directory_;
};

TEST_P(TableDirectoryTest, TheDefaultTableIsAlwaysThere) {
  TableDirectory::Reader reader(directory());
  ASSERT_NE(reader.Find(""), nullptr);
  EXPECT_EQ(reader.Find("")->name(), "default");
  EXPECT_EQ(reader.Find("default"), reader.Find(""));
  EXPECT_EQ(reader.FindShared("").get(), reader.Find(""));
  EXPECT_EQ(directory().Delete("default").status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_P(TableDirectoryTest, AReaderSeesATableThatWasCreatedOrDeletedBehindItsBack) {
  TableDirectory::Reader reader(directory());
  EXPECT_EQ(reader.Find("routes"), nullptr);
  EXPECT_EQ(directory().Create("routes"), absl::OkStatus());
  ASSERT_NE(reader.Find("routes"), nullptr);
  EXPECT_EQ(reader.Find("routes")->name(), "routes");
  EXPECT_EQ(directory().Delete("routes").value(), 0u);
  EXPECT_EQ(reader.Find("routes"), nullptr);
  EXPECT_EQ(reader.FindShared("routes"), nullptr);
}

TEST_P(TableDirectoryTest, AFoundTableStaysValidUntilTheReadersNextFind) {
  ASSERT_TRUE(directory().Create("routes").ok());
  Fill("routes", 3);
  TableDirectory::Reader reader(directory());
  Table* table = reader.Find("routes");
  ASSERT_TRUE(directory().Delete("routes").ok());
  EXPECT_EQ(table->name(), "routes");
  EXPECT_EQ(table->Size().entries, 0u);
}

TEST_P(TableDirectoryTest, CreateRefusesBadNames) {
  const std::string longest(128, 'x');
  EXPECT_TRUE(directory().Create("Az09_-.").ok());
  EXPECT_TRUE(directory().Create(longest).ok());
  for (const std::string& name : {std::string(), longest + "x", std::string("a/b"),
                                  std::string("a\0b", 3), std::string("\xc3\xa4")}) {
    EXPECT_EQ(directory().Create(name).code(), absl::StatusCode::kInvalidArgument)
        << name;
  }
  EXPECT_EQ(directory().Create("a/b").message(),
            "name: \"a/b\" has \"/\" in it; a table's name is 1 to 128 of: letters, "
            "digits, '_', '-', '.'");
}

TEST_P(TableDirectoryTest, CreateRefusesANameThatIsTaken) {
  EXPECT_EQ(directory().Create("default").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(directory().Create("routes").ok());
  EXPECT_EQ(directory().Create("routes").code(), absl::StatusCode::kAlreadyExists);
}

TEST_P(TableDirectoryTest, CreateRefusesMoreThanTheLimit) {
  for (size_t i = 1; i < TableDirectory::kMaxTables; ++i) {
    ASSERT_TRUE(directory().Create(absl::StrCat(i)).ok());
  }
  EXPECT_EQ(directory().Create("one-more").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(directory().Delete("1").ok());
  EXPECT_TRUE(directory().Create("one-more").ok());
}

TEST_P(TableDirectoryTest, DeleteOfAnUnknownTableIsNotFound) {
  const absl::Status status = directory().Delete("no\nsuch").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "no table \"no\\nsuch\"");
}

TEST_P(TableDirectoryTest, DeleteFreesTheEntriesWhoeverStillHoldsTheTable) {
  ASSERT_TRUE(directory().Create("routes").ok());
  Fill("routes", 1000);
  TableDirectory::Reader idle(directory());
  const std::shared_ptr<Table> held = directory().FindShared("routes");
  EXPECT_EQ(directory().Delete("routes").value(), 1000u);
  EXPECT_EQ(held->Size().bytes, 0u);
  protection().Barrier();
  EXPECT_EQ(protection().Stats().backlog_objects, 0u);
}

TEST_P(TableDirectoryTest, ATableCreatedAgainIsANewOne) {
  ASSERT_TRUE(directory().Create("routes").ok());
  const std::shared_ptr<Table> old = directory().FindShared("routes");
  ASSERT_TRUE(directory().Delete("routes").ok());
  ASSERT_TRUE(directory().Create("routes").ok());
  Fill(*old, 10, this);
  EXPECT_NE(directory().FindShared("routes"), old);
  EXPECT_EQ(directory().FindShared("routes")->Size().entries, 0u);
}

TEST_P(TableDirectoryTest, ListIsSortedAndHasTheSizes) {
  for (const char* name : {"b", "z", "a"}) ASSERT_TRUE(directory().Create(name).ok());
  Fill("b", 7);
  EXPECT_EQ(Names(), (std::vector<std::string>{"a", "b", "default", "z"}));
  EXPECT_EQ(directory().List()[0].size.entries, 0u);
  EXPECT_EQ(directory().List()[1].size.entries, 7u);
}

TEST_P(TableDirectoryTest, BytesAreThoseOfAllTables) {
  ASSERT_TRUE(directory().Create("b").ok());
  const uint64_t empty = directory().Bytes();
  Fill("b", 1);
  Fill("", 1);
  EXPECT_EQ(directory().Bytes() - empty,
            2 * sizeof(rcu::Entry) + std::string("key0bkey0default").size());
}

TEST_P(TableDirectoryTest, TablesComeAndGoWhileOthersReadAndWriteThem) {
  constexpr int kRounds = 300;
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      TableDirectory::Reader reader(directory());
      // relaxed, here and below: flags and counts; join orders them.
      while (!done.load(std::memory_order_relaxed)) {
        Table* table = reader.Find("routes");
        if (table == nullptr) continue;
        table->LookupOne("key0", [&](const rcu::Entry* entry) {
          if (entry == nullptr || entry->value() == "routes") return;
          wrong.fetch_add(1, std::memory_order_relaxed);
        });
      }
    });
  }
  threads.emplace_back([&] {
    TableDirectory::Reader reader(directory());
    while (!done.load(std::memory_order_relaxed)) {
      if (std::shared_ptr<Table> table = reader.FindShared("routes")) {
        Fill(*table, 20, this);
      }
    }
  });
  std::shared_ptr<Table> last;
  for (int round = 0; round < kRounds; ++round) {
    EXPECT_TRUE(directory().Create("routes").ok());
    last = directory().FindShared("routes");
    EXPECT_TRUE(directory().Delete("routes").ok());
  }
  done.store(true, std::memory_order_relaxed);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong.load(std::memory_order_relaxed), 0);
  EXPECT_EQ(last->Size().entries, 0u);
  EXPECT_EQ(Names(), std::vector<std::string>{"default"});
}

TEST_P(TableDirectoryTest, WhatIsCheckedIsWhatCreateAndDeleteAnswer) {
  ASSERT_TRUE(directory().Create("routes").ok());
  EXPECT_TRUE(directory().CheckCreate("new").ok());
  EXPECT_TRUE(directory().CheckDelete("routes").ok());
  for (const char* name : {"routes", "default", "", "a b"}) {
    EXPECT_EQ(directory().CheckCreate(name), directory().Create(name)) << name;
  }
  for (const char* name : {"default", "none"}) {
    EXPECT_EQ(directory().CheckDelete(name), directory().Delete(name).status()) << name;
  }
}

TEST_P(TableDirectoryTest, ARemovedTableIsDroppedAndItsEntriesWaitToBeCleared) {
  ASSERT_TRUE(directory().Create("routes").ok());
  Fill("routes", 10);
  const std::shared_ptr<Table> table = directory().Remove("routes").value();
  EXPECT_EQ(directory().FindShared("routes"), nullptr);
  EXPECT_TRUE(table->dropped());
  EXPECT_EQ(table->Clear(), 10u);
  EXPECT_EQ(directory().Remove("routes").status().code(), absl::StatusCode::kNotFound);
}

INSTANTIATE_TEST_SUITE_P(Flavors, TableDirectoryTest, EveryFlavor(), FlavorOfTest);

}  // namespace
}  // namespace rcukv
