#include "clients/cpp/scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "clients/cpp/client.h"
#include "clients/cpp/fake_server.h"

namespace rcukv {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class ScannerTest : public ::testing::Test {
 protected:
  void Put(const std::string& key, const std::string& value) {
    ASSERT_TRUE(client_->Put(key, value).ok());
  }

  // All that is left to scan; each key at most once.
  static std::map<std::string, std::string> Read(Scanner& scanner) {
    std::map<std::string, std::string> entries;
    while (const Entry* entry = scanner.Next()) {
      EXPECT_TRUE(entries.emplace(entry->key, entry->value).second) << entry->key;
    }
    return entries;
  }

  FakeServer server_;
  std::unique_ptr<Client> client_ = Client::Connect(server_.address()).value();
};

TEST_F(ScannerTest, AnEmptyTableHasNoEntries) {
  Scanner scanner = client_->Scan();
  EXPECT_EQ(scanner.Next(), nullptr);
  EXPECT_EQ(scanner.Next(), nullptr);
  EXPECT_TRUE(scanner.status().ok());
}

TEST_F(ScannerTest, PagesAreReadToTheLastEvenIfSomeAreEmpty) {
  for (int i = 0; i < 10; ++i) Put(absl::StrCat("key", i), absl::StrCat(i));
  Scanner scanner = client_->Scan({.page_size = 3});
  EXPECT_EQ(Read(scanner), server_.Contents());
  EXPECT_TRUE(scanner.status().ok());
}

TEST_F(ScannerTest, APrefixAndKeysOnlyArePassedOn) {
  Put("lime", "green");
  Put("lemon", "yellow");
  Put("plum", "blue");
  Scanner scanner = client_->Scan({.prefix = "l", .keys_only = true});
  EXPECT_THAT(Read(scanner), ElementsAre(Pair("lemon", ""), Pair("lime", "")));
}

TEST_F(ScannerTest, AnErrorEndsTheScanAndStays) {
  for (int i = 0; i < 10; ++i) Put(absl::StrCat("key", i), absl::StrCat(i));
  Scanner scanner = client_->Scan({.page_size = 3});
  ASSERT_NE(scanner.Next(), nullptr);
  server_.Stop();
  EXPECT_EQ(Read(scanner).size(), 2u);
  EXPECT_TRUE(absl::IsUnavailable(scanner.status())) << scanner.status();
  EXPECT_EQ(scanner.Next(), nullptr);
  EXPECT_TRUE(absl::IsUnavailable(scanner.status()));
}

TEST_F(ScannerTest, AnUnknownTableIsAnErrorOfTheScan) {
  Scanner scanner = client_->Scan({.table = "fruit"});
  EXPECT_EQ(scanner.Next(), nullptr);
  EXPECT_TRUE(absl::IsNotFound(scanner.status()));
}

TEST_F(ScannerTest, AScannerMayOutliveItsClient) {
  Put("key", "value");
  Scanner scanner = client_->Scan();
  client_.reset();
  EXPECT_EQ(Read(scanner), server_.Contents());
}

}  // namespace
}  // namespace rcukv
