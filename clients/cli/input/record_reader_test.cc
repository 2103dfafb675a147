#include "clients/cli/input/record_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/input/string_source.h"

namespace rcukv::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// A record as "line: key = value", or an error as "error: message".
std::vector<std::string> Read(const std::string& format, const std::string& text,
                              size_t max_line_bytes = LineReader::kMaxLineBytes) {
  LineReader lines("file", StringSource(text, 1000), max_line_bytes);
  const std::unique_ptr<RecordReader> reader = NewRecordReader(format, lines);
  std::vector<std::string> read;
  while (true) {
    const absl::StatusOr<std::optional<Record>> record = reader->Next();
    if (!record.ok()) {
      read.push_back(absl::StrCat("error: ", record.status().message()));
      if (!absl::IsInvalidArgument(record.status())) return read;
    } else if (record->has_value()) {
      read.push_back(
          absl::StrCat((*record)->line, ": ", (*record)->key, " = ", (*record)->value));
    } else {
      return read;
    }
  }
}

TEST(RecordReaderTest, AnUnknownFormatHasNoReader) {
  LineReader lines("file", StringSource("", 1));
  EXPECT_EQ(NewRecordReader("csv", lines), nullptr);
}

TEST(RecordReaderTest, AnEmptyFileHasNoRecordsInAnyFormat) {
  for (const char* const format : {"tsv", "jsonl", "deb"}) {
    EXPECT_THAT(Read(format, ""), IsEmpty());
    EXPECT_THAT(Read(format, "\n\r\n\n"), IsEmpty());
  }
}

TEST(RecordReaderTest, ASourceThatFailsEndsTheReadingInAnyFormat) {
  for (const char* const format : {"tsv", "jsonl", "deb"}) {
    LineReader lines("file", [](char*, size_t) { return absl::CancelledError("stop"); });
    EXPECT_EQ(NewRecordReader(format, lines)->Next().status(),
              absl::CancelledError("stop"));
  }
}

TEST(TsvReaderTest, ALineIsKeyTabValue) {
  EXPECT_THAT(Read("tsv", "a\t1\nb\t\n\nc\t\ttabs\t\nd\t4"),
              ElementsAre("1: a = 1", "2: b = ", "4: c = \ttabs\t", "5: d = 4"));
}

TEST(TsvReaderTest, OneCarriageReturnBelongsToTheLineEnd) {
  EXPECT_THAT(Read("tsv", "a\t1\r\nb\t2\r\r\nc\t3\r"),
              ElementsAre("1: a = 1", "2: b = 2\r", "3: c = 3\r"));
}

TEST(TsvReaderTest, BytesAreTakenAsTheyAre) {
  const std::string line("\xff\0\\n\t\0\xc3\n", 8);
  LineReader lines("file", StringSource(line, 100));
  const Record record = NewTsvReader(lines)->Next().value().value();
  EXPECT_EQ(record.key, std::string("\xff\0\\n", 4));
  EXPECT_EQ(record.value, std::string("\0\xc3", 2));
}

TEST(TsvReaderTest, AValueOfAMebibyteIsRead) {
  const std::string value(1 << 20, 'v');
  EXPECT_THAT(Read("tsv", "a\t" + value + "\nb\t2\n"),
              ElementsAre("1: a = " + value, "2: b = 2"));
}

TEST(TsvReaderTest, ABrokenLineIsNamedAndTheNextIsRead) {
  EXPECT_THAT(Read("tsv", "a\t1\nbroken\n\t2\nb\t2\n"),
              ElementsAre("1: a = 1", "error: file:2: no TAB between key and value",
                          "error: file:3: the key before the TAB is empty", "4: b = 2"));
}

TEST(TsvReaderTest, ALineThatIsTooLongIsNamedAndTheNextIsRead) {
  EXPECT_THAT(Read("tsv", "a\t1234567890\nb\t2\n", 10),
              ElementsAre("error: file:1: the line is longer than 10 bytes", "2: b = 2"));
}

TEST(JsonLinesReaderTest, ALineIsAnObjectWithKeyAndValue) {
  EXPECT_THAT(Read("jsonl",
                   "{\"key\":\"a\",\"value\":\"1\"}\n"
                   "  \n"
                   " {\"value\" : \"\", \"key\" : \"b\"} \r\n"
                   "{\"key\":\"c\",\"value\":\"\\n\\u00e9\\\"\"}"),
              ElementsAre("1: a = 1", "3: b = ", "4: c = \n\xc3\xa9\""));
}

TEST(JsonLinesReaderTest, BytesMayStandAsBase64) {
  LineReader lines(
      "file", StringSource("{\"key_base64\":\"/wA=\",\"value_base64\":\"AP8=\"}", 9));
  const Record record = NewJsonLinesReader(lines)->Next().value().value();
  EXPECT_EQ(record.key, std::string("\xff\0", 2));
  EXPECT_EQ(record.value, std::string("\0\xff", 2));
}

TEST(JsonLinesReaderTest, AnEscapedNulIsAByteLikeAnyOther) {
  LineReader lines("file", StringSource("{\"key\":\"\\u0000\",\"value\":\"\"}", 9));
  EXPECT_EQ(NewJsonLinesReader(lines)->Next().value()->key, std::string("\0", 1));
}

TEST(JsonLinesReaderTest, OtherMembersAreIgnoredHoweverDeep) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_THAT(Read("jsonl", "{\"x\":" + deep +
                                ",\"y\":{\"key\":1},\"key\":\"a\",\"value\":\"1\"}"),
              ElementsAre("1: a = 1"));
}

TEST(JsonLinesReaderTest, OtherMembersAreIgnoredHoweverMany) {
  std::string members;
  for (int i = 0; i < 200'000; ++i) absl::StrAppend(&members, "\"", i, "\":{},");
  EXPECT_THAT(Read("jsonl", "{" + members + "\"key\":\"a\",\"value\":\"1\"}"),
              ElementsAre("1: a = 1"));
}

TEST(JsonLinesReaderTest, ABrokenLineIsNamedWithWhatIsWrong) {
  const std::pair<std::string, std::string> broken[] = {
      {"key\tvalue", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"1", "not a JSON object"},
      {"{\"key\":\"a\"", "not a JSON object: column 11"},
      {"{\"key\":\"a\",\"value\":\"1\"} x", "not a JSON object: column 25"},
      {"{\"key\":\"a\",\"value\":\"\xff\"}", "ill-formed UTF-8 byte"},
      {std::string("{\"key\":\"a\",\"value\":\"1\"}\0x", 25), "a NUL byte"},
      {"{}", "neither \"key\" nor \"key_base64\""},
      {"{\"key\":\"a\"}", "neither \"value\" nor \"value_base64\""},
      {"{\"key\":\"a\",\"key_base64\":\"YQ==\",\"value\":\"1\"}", "both \"key\""},
      {"{\"key\":1,\"value\":\"1\"}", "\"key\" is not a string"},
      {"{\"key\":\"a\",\"value\":null}", "\"value\" is not a string"},
      {"{\"key\":\"a\",\"value\":{\"a\":1}}", "\"value\" is not a string"},
      {"{\"key\":[\"a\"],\"value\":\"1\"}", "\"key\" is not a string"},
      {"{\"key\":\"a\",\"value_base64\":\"?\"}", "\"value_base64\" is not base64"},
      {"{\"key\":\"\",\"value\":\"1\"}", "the key is empty"},
  };
  for (const auto& [line, error] : broken) {
    EXPECT_THAT(
        Read("jsonl", "\n" + line + "\n{\"key\":\"b\",\"value\":\"2\"}"),
        ElementsAre(AllOf(StartsWith("error: file:2: "), HasSubstr(error)), "3: b = 2"))
        << line;
  }
}

TEST(JsonLinesReaderTest, AnErrorDoesNotRepeatTheWholeLine) {
  const std::vector<std::string> read =
      Read("jsonl", "{\"key\":\"" + std::string(1 << 20, 'x') + "\n");
  ASSERT_EQ(read.size(), 1u);
  EXPECT_LT(read[0].size(), 300u);
}

TEST(DebReaderTest, AStanzaIsKeptByteForByte) {
  EXPECT_THAT(
      Read("deb",
           "Package: a\nVersion: 1\nDescription: one\n two\n\ttab\n .\n"
           "\n\n"
           "Version: 2\npackage:b \n"
           "\n"
           "Package: c"),
      ElementsAre("1: a = Package: a\nVersion: 1\nDescription: one\n two\n\ttab\n .\n",
                  "9: b = Version: 2\npackage:b \n", "12: c = Package: c"));
}

TEST(DebReaderTest, CarriageReturnsStayInTheStanzaAndSeparateIt) {
  EXPECT_THAT(Read("deb", "Package: a\r\nX: 1\r\n\r\nPackage: b\r\n"),
              ElementsAre("1: a = Package: a\r\nX: 1\r\n", "4: b = Package: b\r\n"));
}

TEST(DebReaderTest, ABrokenStanzaIsNamedAndTheNextIsRead) {
  const std::pair<std::string, std::string> broken[] = {
      {"Version: 1\nX: 2\n", "file:2: the stanza that begins here has no Package field"},
      {"Package:\nX: 2\n", "file:2: the Package field is empty"},
      {"Package: a\nX: 2\nPackage: b\n", "file:4: a second Package field in one stanza"},
      {"Package: a\nnonsense\n: x\n", "file:3: neither \"Field: value\" nor"},
      {" continued\nPackage: a\n",
       "file:2: a continuation line where a field should begin"},
  };
  for (const auto& [stanza, error] : broken) {
    EXPECT_THAT(Read("deb", "\n" + stanza + "\nPackage: good\n"),
                ElementsAre(StartsWith("error: " + error), HasSubstr("good")))
        << stanza;
  }
}

TEST(DebReaderTest, AStanzaThatIsTooLongIsNamedAndTheNextIsRead) {
  EXPECT_THAT(Read("deb", "Package: a\nX: 1\nY: 2\n\nPackage: b\n", 20),
              ElementsAre("error: file:3: the stanza is longer than 20 bytes",
                          "5: b = Package: b\n"));
  EXPECT_THAT(Read("deb", "Package: a\nX: 1234567890123456789\n\nPackage: b\n", 20),
              ElementsAre("error: file:2: the line is too long", "4: b = Package: b\n"));
}

}  // namespace
}  // namespace rcukv::cli
