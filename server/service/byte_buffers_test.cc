#include "server/service/byte_buffers.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "rcu/entry.h"
#include "server/service/output_buffer.h"

namespace rcukv {
namespace {

using rcu::Entry;
using rcu::EntryPtr;

constexpr size_t kLarge = Entry::kShareableValueBytes;

void Append(std::string_view bytes, OutputBuffer* out) {
  std::memcpy(out->Append(bytes.size()), bytes.data(), bytes.size());
}

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

TEST(ByteBuffersTest, NothingIsAnEmptyMessage) { EXPECT_EQ(Bytes(ToByteBuffer({})), ""); }

TEST(ByteBuffersTest, BytesAreWhatWasAppended) {
  OutputBuffer out;
  Append("one, ", &out);
  Append("two", &out);
  EXPECT_EQ(Bytes(ToByteBuffer(std::move(out))), "one, two");
}

TEST(ByteBuffersTest, ValuesStandWhereTheyWereReferredTo) {
  const EntryPtr a = Entry::New("a", std::string(kLarge, 'a'));
  const EntryPtr b = Entry::New("b", std::string(kLarge + 1, 'b'));
  OutputBuffer out;
  char* at = out.Append(4);
  std::memcpy(at, "1234", 4);
  out.Refer(*a, at);
  out.Refer(*b, at + 2);
  out.Refer(*a, at + 2);
  // The buffer grows, and moves.
  const std::string rest(10'000, 'x');
  Append(rest, &out);
  out.Refer(*b, out.Append(0));
  const std::string expected = std::string(a->value()) + "12" + std::string(b->value()) +
                               std::string(a->value()) + "34" + rest +
                               std::string(b->value());
  EXPECT_EQ(out.size(), expected.size());
  EXPECT_EQ(out.copied_bytes(), 4 + rest.size());
  EXPECT_EQ(Bytes(ToByteBuffer(std::move(out))), expected);
}

TEST(ByteBuffersTest, AValueIsFreedWithTheLastBufferThatRefersToIt) {
  EntryPtr entry = Entry::New("k", std::string(kLarge, 'v'));
  const size_t bytes = entry->allocated_bytes();
  OutputBuffer sent;
  sent.Refer(*entry, sent.Append(1));
  OutputBuffer thrown_away;
  thrown_away.Refer(*entry, thrown_away.Append(1));
  grpc::ByteBuffer buffer = ToByteBuffer(std::move(sent));
  grpc::ByteBuffer copy = buffer;
  entry.reset();
  EXPECT_EQ(Entry::kept_bytes(), bytes);
  thrown_away = OutputBuffer();
  buffer.Clear();
  EXPECT_EQ(Entry::kept_bytes(), bytes);
  EXPECT_EQ(Bytes(copy).size(), kLarge + 1);
  copy.Clear();
  EXPECT_EQ(Entry::kept_bytes(), 0u);
}

}  // namespace
}  // namespace rcukv
