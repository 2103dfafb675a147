#include "rcu/tag_match.h"

#include <cstdint>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcu {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint64_t kTag = uint64_t{0xbeef} << 48;

uint64_t WordOf(uint64_t tag, uint64_t pointer) { return tag | pointer; }

std::vector<size_t> Slots(SlotSet slots) {
  std::vector<size_t> found;
  for (; !slots.empty(); slots.RemoveFirst()) found.push_back(slots.First());
  return found;
}

TEST(TagMatchTest, FindsTheSlotsThatHaveTheTagTheLowestFirst) {
  Bucket bucket;
  bucket.slots[1] = WordOf(kTag, 0x1230);
  bucket.slots[4] = WordOf(kTag, 0x4560);
  bucket.slots[6] = WordOf(kTag, 0x7890);
  bucket.slots[5] = WordOf(kTag + (uint64_t{1} << 48), 0x9990);
  EXPECT_THAT(Slots(SlotsWithTagOf(kTag | 0x1234, bucket)), ElementsAre(1, 4, 6));
}

TEST(TagMatchTest, EachSlotIsFoundAloneWhateverItsTag) {
  for (size_t slot = 0; slot < Bucket::kSlots; ++slot) {
    for (uint64_t tag = 1; tag < 0x10000; ++tag) {
      Bucket bucket;
      bucket.slots[slot] = WordOf(tag << 48, 0x1000);
      ASSERT_THAT(Slots(SlotsWithTagOf(tag << 48, bucket)), ElementsAre(slot)) << tag;
    }
  }
}

TEST(TagMatchTest, NeitherPointersNorTheLinkAreTakenForTags) {
  Bucket bucket;
  for (auto& slot : bucket.slots) slot = 0xbeef'beef'beef;
  bucket.link = WordOf(kTag, 0xbeef'beef'beef);
  EXPECT_THAT(Slots(SlotsWithTagOf(kTag, bucket)), IsEmpty());
}

TEST(TagMatchTest, EmptySlotsHaveTheTagZero) {
  Bucket bucket;
  bucket.slots[2] = WordOf(kTag, 0x1000);
  EXPECT_THAT(Slots(SlotsWithTagOf(0x1234, bucket)), ElementsAre(0, 1, 3, 4, 5, 6));
}

}  // namespace
}  // namespace rcu
