#include "server/service/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "rcu/entry.h"
#include "server/service/flattened.h"
#include "server/service/wire_differential.h"
#include "server/service/wire_reader.h"

namespace rcukv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Bytes(std::initializer_list<int> bytes) {
  return std::string(bytes.begin(), bytes.end());
}

std::string Repeat(std::string_view bytes, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += bytes;
  return all;
}

// Messages and pieces of them, to be put together and broken in every way.
class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  size_t Below(size_t limit) { return random_() % limit; }

  std::string Bytes(size_t max_size) {
    std::string bytes(Below(max_size + 1), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }

  // Of a random number of bits, so that every length of varint is common.
  uint64_t Integer() { return random_() >> Below(64); }

  std::string Message() {
    std::string bytes;
    for (size_t i = Below(6); i > 0; --i) bytes += Field();
    return bytes;
  }

  void Break(std::string* bytes) {
    if (bytes->empty()) return;
    const size_t at = Below(bytes->size());
    switch (Below(4)) {
      case 0:
        bytes->resize(at);
        break;
      case 1:
        (*bytes)[at] = static_cast<char>(random_());
        break;
      case 2:
        bytes->insert(at, Bytes(3));
        break;
      case 3:
        bytes->erase(at, Below(4));
        break;
    }
  }

 private:
  // Now and then longer than it needs to be.
  std::string Varint(uint64_t value) {
    std::string bytes;
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
    if (Below(10) == 0) {
      bytes.back() = static_cast<char>(bytes.back() | 0x80);
      for (size_t i = Below(6); i > 0; --i) bytes += static_cast<char>(0x80);
      bytes += static_cast<char>(Below(4) == 0 ? random_() & 0x7f : 0);
    }
    return bytes;
  }

  std::string Field(int depth = 0) {
    const uint64_t number = Below(20) == 0 ? Integer() : Below(6);
    const uint64_t type = Below(3) == 0 ? Below(8) : number == 3 || number == 4 ? 0 : 2;
    std::string bytes = Varint(number << 3 | type);
    switch (type) {
      case 0:
        return bytes + Varint(Integer());
      case 1:
        return bytes + std::string(8, 'x');
      case 2: {
        const std::string text = Below(2) == 0 ? "t\xc3\xbc" : this->Bytes(200);
        return bytes + Varint(text.size()) + text;
      }
      case 3:
        if (depth < 5) {
          for (size_t i = Below(3); i > 0; --i) bytes += Field(depth + 1);
        }
        return bytes + Varint(number << 3 | 4);
      case 5:
        return bytes + std::string(4, 'x');
      default:
        return bytes;
    }
  }

  std::mt19937_64 random_;
};

TEST(WireTest, DecodersReadWhatProtobufReads) {  // (A), (B)
  Generator generator(1);
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    const std::string bytes = generator.Message();
    ASSERT_THAT(CompareWithProtobuf(bytes), IsEmpty());
    GetRequestView view;
    accepted += DecodeGetRequest(bytes, &view).ok();
  }
  // The comparison would show nothing if hardly anything was well-formed, or everything.
  EXPECT_GT(accepted, 20'000);
  EXPECT_LT(accepted, 180'000);
}

TEST(WireTest, DecodersRejectWhatProtobufRejectsInBrokenMessages) {  // (A), (B)
  Generator generator(2);
  for (int i = 0; i < 200'000; ++i) {
    std::string bytes = generator.Message();
    for (size_t breaks = 1 + generator.Below(3); breaks > 0; --breaks) {
      generator.Break(&bytes);
    }
    ASSERT_THAT(CompareWithProtobuf(bytes), IsEmpty());
  }
}

TEST(WireTest, DecodersAgreeWithProtobufOnEveryTruncation) {  // (A)
  v1::BatchGetRequest request;
  request.set_table("table");
  for (int i = 0; i < 8; ++i) request.add_keys(std::string(40 * i, 'k'));
  request.set_min_revision(1ull << 63);
  request.set_consistency(v1::SNAPSHOT);
  const std::string bytes = request.SerializeAsString();
  for (size_t size = 0; size <= bytes.size(); ++size) {
    ASSERT_THAT(CompareWithProtobuf(bytes.substr(0, size)), IsEmpty()) << size;
  }
}

TEST(WireTest, DecodersAgreeWithProtobufOnVarintsOfEveryLength) {  // (A)
  // As a tag, a length, the value of a known field, of an enum and of an unknown field;
  // with each value of the last byte.
  for (const std::string& before :
       {Bytes({}), Bytes({0x12}), Bytes({0x18}), Bytes({0x20}), Bytes({0x78})}) {
    for (int size = 1; size <= 12; ++size) {
      for (int first : {0x80, 0x8a, 0xff}) {
        for (int last = 0; last < 256; ++last) {
          std::string bytes =
              before + static_cast<char>(first) + Repeat("\x80", size > 2 ? size - 2 : 0);
          bytes += static_cast<char>(last);
          ASSERT_THAT(CompareWithProtobuf(bytes), IsEmpty());
          ASSERT_THAT(CompareWithProtobuf(bytes + std::string(40, '\x01')), IsEmpty());
        }
      }
    }
  }
}

TEST(WireTest, DecodersAgreeWithProtobufOnHowDeepGroupsNest) {  // (A)
  for (int depth = 1; depth <= 120; ++depth) {
    const std::string open = Repeat("\x7b", depth);
    ASSERT_THAT(CompareWithProtobuf(open + Repeat("\x7c", depth)), IsEmpty()) << depth;
    ASSERT_THAT(CompareWithProtobuf(open + Repeat("\x7c", depth - 1)), IsEmpty());
  }
  // Interleaved: 15 { 14 { } 15 } 14.
  EXPECT_THAT(CompareWithProtobuf(Bytes({0x7b, 0x73, 0x7c, 0x74})), IsEmpty());
}

TEST(WireTest, DecodersAgreeWithProtobufOnWhatIsUtf8) {  // (B)
  for (int lead = 0x80; lead < 0x100; ++lead) {
    for (int second = 0; second < 0x100; second += lead < 0xe0 ? 1 : 4) {
      for (const std::string& rest : {Bytes({}), Bytes({0x80}), Bytes({0xbf, 0x80})}) {
        const std::string name = Bytes({lead, second}) + rest;
        const std::string field = Bytes({0x0a, static_cast<int>(name.size())}) + name;
        ASSERT_THAT(CompareWithProtobuf(field), IsEmpty());
        // Also where an invalid name is followed by a valid one.
        ASSERT_THAT(CompareWithProtobuf(field + Bytes({0x0a, 1, 'x'})), IsEmpty());
      }
    }
  }
}

TEST(WireTest, TheLastValueOfASingularFieldWins) {
  const std::string bytes = Bytes({0x12, 1, 'a', 0x18, 5, 0x12, 1, 'b', 0x18, 6});
  GetRequestView request;
  ASSERT_TRUE(DecodeGetRequest(bytes, &request).ok());
  EXPECT_EQ(request.key, "b");
  EXPECT_EQ(request.min_revision, 6u);
}

TEST(WireTest, KeysBeyondTheKeptOnesAreCounted) {
  const std::string bytes = Bytes({0x12, 1, 'a', 0x12, 0, 0x12, 1, 'c'});
  BatchGetRequestView request;
  ASSERT_TRUE(DecodeBatchGetRequest(bytes, 2, &request).ok());
  EXPECT_THAT(request.keys, ElementsAre("a", ""));
  EXPECT_EQ(request.key_count, 3u);
}

TEST(WireTest, AnErrorNamesMessageOffsetAndReason) {
  GetRequestView get;
  const absl::Status status = DecodeGetRequest(Bytes({0x0a, 1, 'a', 0x12, 9, 'b'}), &get);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(status.message()),
            "GetRequest: malformed at byte 4 of 6: a length runs past the end of the "
            "message");
  BatchGetRequestView batch;
  EXPECT_THAT(std::string(DecodeBatchGetRequest(Bytes({0x7c}), 1, &batch).message()),
              HasSubstr("BatchGetRequest: malformed at byte 0 of 1: the end of a group"));
}

struct Sample {
  std::string key;
  std::string value;
  rcu::EntryMeta meta;
};

std::vector<Sample> Samples() {
  std::vector<Sample> samples = {{"", "", {}}, {"k", "", {}}, {"", "v", {}}};
  Generator generator(3);
  for (int i = 0; i < 5'000; ++i) {
    Sample sample{
        generator.Bytes(300), generator.Bytes(i % 100 == 0 ? 100'000 : 300), {}};
    sample.meta.mod_revision = generator.Integer();
    sample.meta.create_revision =
        generator.Below(2) == 0 ? sample.meta.mod_revision : generator.Integer();
    if (generator.Below(2) == 0) sample.meta.expire_time = generator.Integer();
    samples.push_back(std::move(sample));
  }
  return samples;
}

TEST(WireTest, AGetResponseIsWhatProtobufSerializes) {  // (C)
  for (const Sample& sample : Samples()) {
    const rcu::EntryPtr entry = rcu::Entry::New(sample.key, sample.value, sample.meta);
    v1::GetResponse theirs;
    theirs.mutable_entry()->set_key(sample.key);
    theirs.mutable_entry()->set_value(sample.value);
    theirs.mutable_entry()->set_mod_revision(sample.meta.mod_revision);
    theirs.mutable_entry()->set_create_revision(sample.meta.create_revision);
    theirs.mutable_entry()->set_expire_time(sample.meta.expire_time);
    theirs.set_revision(sample.meta.mod_revision);
    OutputBuffer ours;
    EncodeGetResponse(entry.get(), sample.meta.mod_revision, &ours);
    ASSERT_EQ(ours.size(), GetResponseBytes(entry.get(), sample.meta.mod_revision));
    ASSERT_EQ(Flattened(std::move(ours)), theirs.SerializeAsString());
  }
}

TEST(WireTest, ABatchGetResponseIsWhatProtobufSerializes) {  // (C)
  v1::BatchGetResponse theirs;
  OutputBuffer ours;
  size_t bytes = 0;
  for (const Sample& sample : Samples()) {
    const rcu::EntryPtr entry = rcu::Entry::New(sample.key, sample.value, sample.meta);
    auto* result = theirs.add_results();
    result->set_found(true);
    result->set_value(sample.value);
    result->set_mod_revision(sample.meta.mod_revision);
    theirs.add_results();
    const rcu::Entry* const group[] = {entry.get(), nullptr};
    EncodeBatchGetResults(group, &ours);
    bytes += BatchGetResultsBytes(group);
    ASSERT_EQ(ours.size(), bytes);
  }
  theirs.set_revision(77);
  EncodeBatchGetRevision(77, &ours);
  EXPECT_EQ(Flattened(std::move(ours)), theirs.SerializeAsString());
}

TEST(WireTest, GetsOfATxnAreWhatProtobufSerializes) {  // (C)
  v1::TxnResponse theirs;
  OutputBuffer ours;
  const auto add = [&](const rcu::Entry* entry, uint64_t revision) {
    v1::GetResponse* added = theirs.add_responses()->mutable_get();
    added->set_revision(revision);
    if (entry != nullptr) {
      added->mutable_entry()->set_key(std::string(entry->key()));
      added->mutable_entry()->set_value(std::string(entry->value()));
      added->mutable_entry()->set_mod_revision(entry->mod_revision());
      added->mutable_entry()->set_create_revision(entry->create_revision());
      added->mutable_entry()->set_expire_time(entry->expire_time());
    }
    EncodeTxnGet(entry, revision, &ours);
  };
  for (const Sample& sample : Samples()) {
    add(rcu::Entry::New(sample.key, sample.value, sample.meta).get(), 7);
    add(nullptr, sample.meta.mod_revision);
  }
  add(nullptr, 0);
  EXPECT_EQ(Flattened(std::move(ours)), theirs.SerializeAsString());
}

TEST(WireTest, EntriesOfAScanAreWhatProtobufSerializes) {  // (C)
  v1::ScanResponse theirs;
  OutputBuffer ours;
  for (const Sample& sample : Samples()) {
    const rcu::EntryPtr entry = rcu::Entry::New(sample.key, sample.value, sample.meta);
    for (bool keys_only : {false, true}) {
      v1::Entry* added = theirs.add_entries();
      added->set_key(sample.key);
      if (!keys_only) added->set_value(sample.value);
      added->set_mod_revision(sample.meta.mod_revision);
      added->set_create_revision(sample.meta.create_revision);
      added->set_expire_time(sample.meta.expire_time);
      EncodeScanEntry(*entry, keys_only, &ours);
    }
  }
  EXPECT_EQ(Flattened(std::move(ours)), theirs.SerializeAsString());
}

TEST(WireTest, EventsOfAWatchAreWhatProtobufSerializes) {  // (C)
  v1::WatchResponse theirs;
  OutputBuffer ours;
  theirs.set_revision(77);
  EncodeWatchRevision(77, &ours);
  for (const Sample& sample : Samples()) {
    const rcu::EntryPtr entry = rcu::Entry::New(sample.key, sample.value, sample.meta);
    v1::Entry* put = theirs.add_events()->mutable_entry();
    put->set_key(sample.key);
    put->set_value(sample.value);
    put->set_mod_revision(sample.meta.mod_revision);
    put->set_create_revision(sample.meta.create_revision);
    put->set_expire_time(sample.meta.expire_time);
    EncodeWatchPut(*entry, &ours);
    v1::Event* deleted = theirs.add_events();
    deleted->set_type(v1::Event::DELETE);
    deleted->mutable_entry()->set_key(sample.key);
    deleted->mutable_entry()->set_mod_revision(sample.meta.mod_revision);
    EncodeWatchDelete(*entry, &ours);
  }
  EXPECT_EQ(Flattened(std::move(ours)), theirs.SerializeAsString());
}

TEST(WireTest, NothingFoundAtRevisionZeroIsAnEmptyMessage) {  // (C)
  OutputBuffer out;
  EncodeGetResponse(nullptr, 0, &out);
  EncodeBatchGetRevision(0, &out);
  EXPECT_EQ(out.size(), 0u);
}

}  // namespace
}  // namespace rcukv
