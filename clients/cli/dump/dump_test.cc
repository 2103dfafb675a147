// Both forms of dumps: what is written is read, and what is damaged is found.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "clients/cli/dump/binary_dump.h"
#include "clients/cli/dump/dump_piece.h"
#include "clients/cli/dump/dump_reader.h"
#include "clients/cli/dump/dump_writer.h"
#include "clients/cli/dump/json_dump.h"
#include "clients/cli/input/string_source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Form {
  const char* name;
  DumpEncoder encode;
};

struct Table {
  std::string name;
  std::vector<Entry> entries = {};
};

// What a reader makes of a file: its blocks as one line an entry, until there is an
// error.
struct Reading {
  absl::Status status;
  std::vector<std::string> entries = {};
  DumpEnd end = {};
};

std::string Shown(const std::string& table, const Entry& entry) {
  return absl::StrCat(table, "/", entry.key, "=", entry.value, " @", entry.mod_revision,
                      " ", entry.create_revision, " ",
                      absl::FormatTime(entry.expire_time, absl::UTCTimeZone()));
}

Reading Read(const std::string& file, size_t chunk_bytes = 1 << 20) {
  auto reader = DumpReader::Open("f.dump", StringSource(file, chunk_bytes));
  Reading reading = {.status = reader.status()};
  while (reading.status.ok()) {
    const absl::StatusOr<std::optional<DumpBlock>> block = reader->Next();
    reading.status = block.status();
    if (!block.ok()) break;
    if (!block->has_value()) {
      reading.end = reader->end();
      EXPECT_EQ(reader->bytes_read(), file.size());
      break;
    }
    for (const Entry& entry : (*block)->entries) {
      reading.entries.push_back(Shown((*block)->table, entry));
    }
  }
  return reading;
}

class DumpTest : public testing::TestWithParam<Form> {
 protected:
  std::string Write(const std::vector<Table>& tables, DumpHeader header = {}) {
    std::string file;
    DumpWriter writer(GetParam().encode, [&](std::string_view bytes) {
      file += bytes;
      return absl::OkStatus();
    });
    for (const Table& table : tables) header.tables.push_back(table.name);
    EXPECT_TRUE(writer.Start(header).ok());
    for (const Table& table : tables) {
      for (const Entry& entry : table.entries) {
        EXPECT_TRUE(writer.Add(table.name, entry).ok());
      }
    }
    EXPECT_TRUE(writer.Finish(9).ok());
    EXPECT_EQ(writer.bytes(), file.size());
    return file;
  }

  // A table with so many entries, in several blocks.
  static Table Numbers(size_t count) {
    Table table = {.name = "numbers"};
    for (size_t i = 0; i < count; ++i) {
      table.entries.push_back(
          {.key = absl::StrCat("key", i), .value = absl::StrCat("value", i)});
    }
    return table;
  }
};

INSTANTIATE_TEST_SUITE_P(Forms, DumpTest,
                         testing::Values(Form{"binary", EncodeBinaryDump},
                                         Form{"jsonl", EncodeJsonDump}),
                         [](const auto& form) { return std::string(form.param.name); });

TEST_P(DumpTest, WhatIsWrittenIsRead) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  const absl::Time expiry = absl::FromUnixMicros(1'700'000'000'123'456);
  const std::vector<Table> tables = {
      {"a", {{.key = "k", .value = "", .mod_revision = 3, .create_revision = 2}}},
      {"empty", {}},
      {"b",
       {{.key = every_byte, .value = every_byte, .mod_revision = UINT64_MAX},
        {.key = "gr\xc3\xbcn\n\"", .value = std::string(3 << 20, '\xff')},
        {.key = "t", .value = "v", .expire_time = expiry}}}};
  std::vector<std::string> expected;
  for (const Table& table : tables) {
    for (const Entry& entry : table.entries) {
      expected.push_back(Shown(table.name, entry));
    }
  }
  const std::string file = Write(tables, {.revision = 7});

  const auto reader = DumpReader::Open("f.dump", StringSource(file, 1000));
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(reader->header().revision, 7u);
  EXPECT_THAT(reader->header().tables, ElementsAre("a", "empty", "b"));
  const Reading reading = Read(file);
  EXPECT_TRUE(reading.status.ok()) << reading.status;
  EXPECT_EQ(reading.entries, expected);
  EXPECT_EQ(reading.end.entries, 4u);
  EXPECT_EQ(reading.end.revision, 9u);
}

TEST_P(DumpTest, ManyEntriesAreInSeveralBlocks) {
  const std::string file = Write({Numbers(2 * DumpWriter::kBlockEntries + 1)});
  auto reader = DumpReader::Open("f.dump", StringSource(file, 4096));
  ASSERT_TRUE(reader.ok()) << reader.status();
  std::vector<size_t> sizes;
  while (true) {
    const auto block = reader->Next();
    ASSERT_TRUE(block.ok()) << block.status();
    if (!block->has_value()) break;
    sizes.push_back((*block)->entries.size());
  }
  EXPECT_THAT(sizes,
              ElementsAre(DumpWriter::kBlockEntries, DumpWriter::kBlockEntries, 1));
}

TEST_P(DumpTest, AFileThatIsCutAnywhereIsRefused) {
  const std::string file = Write({Numbers(3)});
  for (size_t bytes = 0; bytes < file.size(); ++bytes) {
    const Reading reading = Read(file.substr(0, bytes));
    EXPECT_TRUE(absl::IsDataLoss(reading.status)) << bytes << ": " << reading.status;
  }
}

// Of a byte that is changed the file says where, and what is before it is read.
TEST_P(DumpTest, AByteThatIsChangedAnywhereIsFound) {
  const std::string file = Write({Numbers(3), {"other", {{.key = "k", .value = "v"}}}});
  const Reading whole = Read(file);
  ASSERT_TRUE(whole.status.ok()) << whole.status;
  for (size_t i = 0; i < file.size(); ++i) {
    for (const int flipped : {1, 0x20, 0x80}) {
      std::string damaged = file;
      damaged[i] = static_cast<char>(damaged[i] ^ flipped);
      const Reading reading = Read(damaged);
      EXPECT_FALSE(reading.status.ok()) << "byte " << i << " ^ " << flipped;
      ASSERT_LE(reading.entries.size(), whole.entries.size());
      for (size_t j = 0; j < reading.entries.size(); ++j) {
        EXPECT_EQ(reading.entries[j], whole.entries[j]) << "byte " << i;
      }
    }
  }
}

TEST_P(DumpTest, BlocksThatAreExchangedOrMissingOrTwiceAreFound) {
  std::string file = GetParam().encode(DumpHeader{.tables = {"t"}});
  const std::string header = file;
  const std::string one =
      GetParam().encode(DumpBlock{"t", {{.key = "one", .value = "1"}}});
  const std::string two =
      GetParam().encode(DumpBlock{"t", {{.key = "two", .value = "2"}}});
  const std::string whole = Write({{"t", {{.key = "one", .value = "1"}}}});
  const std::string end = whole.substr((header + one).size());
  ASSERT_TRUE(Read(header + one + end).status.ok());
  for (const std::string& wrong :
       {header + end, header + two + end, header + one + one + end,
        header + one + two + end, header + header + one + end, one + end, end}) {
    const Reading reading = Read(wrong);
    EXPECT_FALSE(reading.status.ok());
  }
}

TEST_P(DumpTest, WhatIsBehindTheEndIsFound) {
  const std::string file = Write({Numbers(1)});
  for (const std::string& more : {std::string("\n"), std::string("x"), file}) {
    const Reading reading = Read(file + more);
    EXPECT_TRUE(absl::IsDataLoss(reading.status)) << reading.status;
    EXPECT_THAT(std::string(reading.status.message()), HasSubstr("behind the end"));
  }
}

TEST_P(DumpTest, ANewerVersionIsRefused) {
  const Reading reading = Read(GetParam().encode(DumpHeader{.version = 2}));
  EXPECT_TRUE(absl::IsFailedPrecondition(reading.status)) << reading.status;
  EXPECT_THAT(std::string(reading.status.message()), HasSubstr("of version 2"));
}

TEST_P(DumpTest, AnErrorOfTheSinkIsReturned) {
  int writes = 0;
  DumpWriter writer(GetParam().encode, [&](std::string_view) {
    return ++writes < 2 ? absl::OkStatus() : absl::UnavailableError("full");
  });
  ASSERT_TRUE(writer.Start({.tables = {"t"}}).ok());
  ASSERT_TRUE(writer.Add("t", {.key = "k", .value = "v"}).ok());
  EXPECT_TRUE(absl::IsUnavailable(writer.Finish(1)));
}

TEST(DumpReaderTest, ThePlaceOfTheDamageIsNamed) {
  const std::string block =
      EncodeBinaryDump(DumpBlock{"t", {{.key = "one", .value = "1"}}});
  const std::string header = EncodeBinaryDump(DumpHeader{.tables = {"t"}});
  std::string damaged = header + block;
  damaged[damaged.size() - 2] ^= 1;
  EXPECT_THAT(std::string(Read(damaged).status.message()),
              HasSubstr(absl::StrCat("f.dump is damaged at byte ", header.size(),
                                     ": its checksum is wrong")));

  const std::string lines =
      EncodeJsonDump(DumpHeader{.tables = {"t"}}) +
      EncodeJsonDump(DumpBlock{"t", {{.key = "one", .value = "1"}}});
  EXPECT_THAT(
      std::string(Read(absl::StrReplaceAll(lines, {{"one", "two"}})).status.message()),
      HasSubstr("f.dump is damaged at line 2: its checksum is wrong"));
}

TEST(DumpReaderTest, AFileOfAnotherKindIsRefused) {
  for (const char* file : {"key\tvalue\n", "\n", "PK"}) {
    const Reading reading = Read(file);
    EXPECT_TRUE(absl::IsFailedPrecondition(reading.status)) << reading.status;
  }
  EXPECT_TRUE(absl::IsDataLoss(Read("{\"key\":\"k\",\"value\":\"v\"}\n").status));
}

TEST(DumpReaderTest, AnErrorOfTheSourceIsReturned) {
  const std::string file = EncodeBinaryDump(DumpHeader{.tables = {"t"}});
  ByteSource whole = StringSource(file, file.size());
  auto reader = DumpReader::Open("f.dump", [&](char* buffer, size_t size) {
    auto read = whole(buffer, size);
    return read.ok() && *read == 0 ? absl::CancelledError("interrupted") : read;
  });
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE(absl::IsCancelled(reader->Next().status()));
}

}  // namespace
}  // namespace rcukv::cli
