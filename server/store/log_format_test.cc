#include "server/store/log_format.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "rcu/entry.h"

namespace rcukv {
namespace {

using namespace std::string_literals;

TEST(LogFormat, AnEntryIsReadAsItWasWritten) {
  const rcu::EntryPtr entry = rcu::Entry::New(
      "k\0\xff"s, "v\0"s,
      {.mod_revision = 1ull << 40, .create_revision = 7, .expire_time = 9});
  const std::string key = log_format::EntryKey("routes", entry->key());
  const std::string value = log_format::EntryValue(*entry);
  const std::optional<StoredEntry> stored = log_format::ParseEntry(key, value);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->table, "routes");
  EXPECT_EQ(stored->key, "k\0\xff"s);
  EXPECT_EQ(stored->value, "v\0"s);
  EXPECT_EQ(stored->meta.mod_revision, 1ull << 40);
  EXPECT_EQ(stored->meta.create_revision, 7u);
  EXPECT_EQ(stored->meta.expire_time, 9u);
}

// Format 1, for ever.
TEST(LogFormat, TheBytesAreThese) {
  const rcu::EntryPtr entry =
      rcu::Entry::New("key", "value", {.mod_revision = 0x0201, .create_revision = 3});
  EXPECT_EQ(log_format::EntryKey("tab", "key"), "e\x03tabkey");
  EXPECT_EQ(log_format::EntryValue(*entry),
            "\x01\x02\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0value"s);
  EXPECT_EQ(log_format::TableKey("tab"), "ttab");
  EXPECT_EQ(log_format::RevisionValue(5), "\x05\0\0\0\0\0\0\0"s);
}

TEST(LogFormat, ATablesRangeHoldsItsEntriesAndNoOthers) {
  const auto within = [](const std::string& key, std::string_view table) {
    return key >= log_format::EntriesBegin(table) && key < log_format::EntriesEnd(table);
  };
  for (const std::string& key : {"\0"s, "a"s, "\xff\xff\xff"s}) {
    EXPECT_TRUE(within(log_format::EntryKey("tab", key), "tab"));
    for (const char* other : {"ta", "taa", "tabk", "tac", "default"}) {
      EXPECT_FALSE(within(log_format::EntryKey(other, key), "tab")) << other;
    }
  }
}

TEST(LogFormat, WhatIsTooShortIsNoEntry) {
  const std::string key = log_format::EntryKey("tab", "k");
  const std::string value(24, '\0');
  EXPECT_TRUE(log_format::ParseEntry(key, value).has_value());
  EXPECT_FALSE(log_format::ParseEntry(key, value.substr(1)).has_value());
  for (size_t bytes = 0; bytes < key.size(); ++bytes) {
    EXPECT_FALSE(log_format::ParseEntry(key.substr(0, bytes), value).has_value());
  }
  EXPECT_FALSE(log_format::ParseRevision("1234567").has_value());
}

}  // namespace
}  // namespace rcukv
