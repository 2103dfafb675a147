#include "server/store/kept_entry.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "rcu/entry.h"

namespace rcukv {
namespace {

using rcu::Entry;

constexpr rcu::EntryMeta kMeta = {
    .mod_revision = 7, .create_revision = 3, .expire_time = 9};

TEST(KeptEntry, NoneIsNull) { EXPECT_EQ(KeptEntry().get(), nullptr); }

TEST(KeptEntry, ASmallOneIsCopiedWithAllThatIsKnownOfIt) {
  rcu::EntryPtr entry = Entry::New("key", "value", kMeta);
  const KeptEntry kept(*entry);
  entry.reset();
  EXPECT_EQ(kept.get()->key(), "key");
  EXPECT_EQ(kept.get()->value(), "value");
  EXPECT_EQ(kept.get()->mod_revision(), 7u);
  EXPECT_EQ(kept.get()->create_revision(), 3u);
  EXPECT_EQ(kept.get()->expire_time(), 9u);
}

TEST(KeptEntry, ALargeOneIsNotCopiedAndOutlivesItsOwner) {
  const std::string large(Entry::kShareableValueBytes, 'v');
  rcu::EntryPtr entry = Entry::New("key", large, kMeta);
  KeptEntry kept(*entry);
  EXPECT_EQ(kept.get(), entry.get());
  entry.reset();
  const KeptEntry moved = std::move(kept);
  EXPECT_EQ(moved.get()->value(), large);
}

}  // namespace
}  // namespace rcukv
