#include "clients/cpp/get_wire.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <string>
#include <vector>

#include "proto/rcukv/v1/kv.pb.h"

namespace rcukv::internal {
namespace {

// Bytes that end where a page ends that must not be touched: a read past them crashes.
class BytesBeforeAWall {
 public:
  explicit BytesBeforeAWall(std::string_view bytes) : size_(bytes.size()) {
    pages_ = static_cast<char*>(mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_NE(pages_, MAP_FAILED);
    EXPECT_EQ(mprotect(pages_ + kPage, kPage, PROT_NONE), 0);
    bytes.copy(pages_ + kPage - size_, size_);
  }
  ~BytesBeforeAWall() { munmap(pages_, 2 * kPage); }
  BytesBeforeAWall(const BytesBeforeAWall&) = delete;
  BytesBeforeAWall& operator=(const BytesBeforeAWall&) = delete;

  std::string_view view() const { return {pages_ + kPage - size_, size_}; }

 private:
  static constexpr size_t kPage = 1 << 16;  // The largest of Linux.

  const size_t size_;
  char* pages_;
};

v1::BatchGetResponse Response() {
  v1::BatchGetResponse response;
  v1::BatchGetResponse::Result& found = *response.add_results();
  found.set_found(true);
  found.set_value(std::string(300, 'v'));
  found.set_mod_revision(uint64_t{1} << 63);
  response.add_results();
  response.add_results()->set_found(true);
  response.set_revision(7);
  return response;
}

TEST(GetWireTest, ARequestIsWhatProtobufWrites) {
  std::string bytes;
  AppendTable("fruit", &bytes);
  v1::BatchGetRequest expected;
  expected.set_table("fruit");
  for (const std::string& key : {std::string("lime"), std::string("\0\xff", 2),
                                 std::string(127, 'k'), std::string(20'000, 'k')}) {
    AppendKey(key, &bytes);
    expected.add_keys(key);
  }
  EXPECT_EQ(bytes, expected.SerializeAsString());
}

TEST(GetWireTest, ARequestOfOneKeyIsAGetRequestAsWell) {
  std::string bytes;
  AppendTable("", &bytes);
  AppendKey("lime", &bytes);
  v1::GetRequest expected;
  expected.set_key("lime");
  EXPECT_EQ(bytes, expected.SerializeAsString());
}

TEST(GetWireTest, ResultsAreReadInPlace) {
  const v1::BatchGetResponse response = Response();
  const std::string bytes = response.SerializeAsString();
  std::vector<GetResult> results(3);
  ASSERT_TRUE(ReadBatchGetResponse(bytes, absl::MakeSpan(results)));
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(results[i].has_value(), response.results(i).found());
    if (!results[i].has_value()) continue;
    EXPECT_EQ(results[i]->value, response.results(i).value());
    EXPECT_EQ(results[i]->mod_revision, response.results(i).mod_revision());
  }
  EXPECT_GE(results[0]->value.data(), bytes.data());
  EXPECT_LT(results[0]->value.data(), bytes.data() + bytes.size());
}

TEST(GetWireTest, AnEntryThatIsNotThereIsNotFound) {
  v1::GetResponse response;
  response.set_revision(7);
  GetResult result;
  ASSERT_TRUE(ReadGetResponse(response.SerializeAsString(), &result));
  EXPECT_FALSE(result.has_value());
  response.mutable_entry();
  ASSERT_TRUE(ReadGetResponse(response.SerializeAsString(), &result));
  EXPECT_TRUE(result.has_value());
}

TEST(GetWireTest, AnEntryIsReadInPlace) {
  v1::GetResponse response;
  response.mutable_entry()->set_key("lime");
  response.mutable_entry()->set_value("green");
  response.mutable_entry()->set_mod_revision(300);
  response.mutable_entry()->set_create_revision(299);
  const std::string bytes = response.SerializeAsString();
  GetResult result;
  ASSERT_TRUE(ReadGetResponse(bytes, &result));
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->value, "green");
  EXPECT_EQ(result->mod_revision, 300u);
}

TEST(GetWireTest, FieldsOfALaterVersionArePassedOver) {
  // Fields 100 to 103 of each type, in the response and in its result.
  const std::string unknown =
      "\xa0\x06\x96\x01"
      "\xa9\x06"
      "8 bytes."
      "\xb2\x06\x03"
      "abc"
      "\xbd\x06"
      "four";
  v1::BatchGetResponse one;
  one.add_results()->set_found(true);
  one.mutable_results(0)->set_value("green");
  std::string result = one.results(0).SerializeAsString() + unknown;
  const std::string bytes =
      unknown + "\x0a" + static_cast<char>(result.size()) + result + unknown;
  ASSERT_TRUE(v1::BatchGetResponse().ParseFromString(bytes));
  GetResult read;
  ASSERT_TRUE(ReadBatchGetResponse(bytes, absl::MakeSpan(&read, 1)));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->value, "green");
}

TEST(GetWireTest, AResponseToAnotherNumberOfKeysIsRefused) {
  const std::string bytes = Response().SerializeAsString();
  std::vector<GetResult> results(4);
  EXPECT_FALSE(ReadBatchGetResponse(bytes, absl::MakeSpan(results).first(2)));
  EXPECT_TRUE(ReadBatchGetResponse(bytes, absl::MakeSpan(results).first(3)));
  EXPECT_FALSE(ReadBatchGetResponse(bytes, absl::MakeSpan(results)));
}

TEST(GetWireTest, AResponseThatIsCutOffIsRefusedWhereProtobufRefusesIt) {
  const std::string whole = Response().SerializeAsString();
  for (size_t size = 0; size < whole.size(); ++size) {
    const BytesBeforeAWall bytes(std::string_view(whole).substr(0, size));
    v1::BatchGetResponse parsed;
    const bool valid = parsed.ParseFromString(whole.substr(0, size));
    std::vector<GetResult> results(static_cast<size_t>(parsed.results_size()));
    EXPECT_EQ(ReadBatchGetResponse(bytes.view(), absl::MakeSpan(results)), valid) << size;
    GetResult one;
    ReadGetResponse(bytes.view(), &one);
  }
}

TEST(GetWireTest, NonsenseIsRefused) {
  GetResult result;
  for (const std::string& bytes : {
           std::string("\x00", 1),                         // Field 0.
           std::string("\x0b"),                            // A group.
           std::string("\x0f"),                            // A type that does not exist.
           std::string("\x10") + std::string(11, '\xff'),  // An endless varint.
           std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),  // A huge length.
       }) {
    EXPECT_FALSE(ReadGetResponse(bytes, &result));
    EXPECT_FALSE(ReadBatchGetResponse(bytes, absl::MakeSpan(&result, 1)));
  }
}

}  // namespace
}  // namespace rcukv::internal
