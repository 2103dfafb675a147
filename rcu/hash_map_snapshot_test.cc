// Snapshot reads: batches are seen whole or not at all, by SnapshotFind; not so by Find.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "rcu/domain.h"
#include "rcu/entry.h"
#include "rcu/hash_map.h"
#include "rcu/lock_domain.h"

namespace rcu {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

milliseconds Duration() {
  const char* text = std::getenv("RCU_TORTURE_MS");
  return milliseconds(text == nullptr ? 1000 : std::atoi(text));
}

EntryPtr NewEntry(std::string_view key, uint64_t generation) {
  return Entry::New(key, "", {.mod_revision = generation, .create_revision = generation});
}

// A thread is online while it lives: qsbr wants that said.
template <class Domain>
struct Online {
  Online() { Domain::Online(); }
  ~Online() { Domain::Offline(); }
};

// A section of a thread that is online for no longer.
template <class Domain>
class OnlineSection {
  Online<Domain> online_;
  typename Domain::ReadGuard guard_;
};

template <class Domain>
class HashMapSnapshotTest : public testing::Test {
 protected:
  using Section = OnlineSection<Domain>;
  using Map = HashMap<Domain>;
  using WriteBatch = typename Map::WriteBatch;

  // The generations of "a", "b" and "c" in one snapshot; 0: there is no such key.
  static std::vector<uint64_t> SnapshotOfAbc(const Map& map) {
    const std::array<std::string_view, 3> keys = {"a", "b", "c"};
    std::array<const Entry*, 3> entries;
    const Section section;
    map.SnapshotFind(keys, entries);
    std::vector<uint64_t> generations;
    for (const Entry* entry : entries) {
      generations.push_back(entry == nullptr ? 0 : entry->mod_revision());
    }
    return generations;
  }

  void SetUp() override {
    if (const absl::Status status = Domain::Prepare(); !status.ok()) {
      GTEST_SKIP() << status;
    }
  }
  void TearDown() override {
    if (!IsSkipped()) Domain::Barrier();
  }
};
using Domains = testing::Types<MbDomain, MembDomain, SignalDomain, QsbrDomain, RseqDomain,
                               LockDomain>;
TYPED_TEST_SUITE(HashMapSnapshotTest, Domains);

using Generations = std::vector<uint64_t>;

TYPED_TEST(HashMapSnapshotTest, FindsEachKeyInItsPlaceAndNullForOneThatIsNotThere) {
  typename TestFixture::Map map;
  EXPECT_EQ(this->SnapshotOfAbc(map), (Generations{0, 0, 0}));
  EXPECT_EQ(map.Upsert(NewEntry("a", 1)), nullptr);
  EXPECT_EQ(map.Upsert(NewEntry("c", 3)), nullptr);
  EXPECT_EQ(this->SnapshotOfAbc(map), (Generations{1, 0, 3}));
}

TYPED_TEST(HashMapSnapshotTest, ASnapshotOfNoKeysIsEmpty) {
  const typename TestFixture::Map map;
  const typename TestFixture::Section section;
  map.SnapshotFind({}, {});
}

TYPED_TEST(HashMapSnapshotTest, ABatchWritesAsTheMapDoes) {
  typename TestFixture::Map map;
  std::vector<const Entry*> unlinked;
  {
    typename TestFixture::WriteBatch batch(map);
    EXPECT_EQ(batch.Upsert(NewEntry("a", 1)), nullptr);
    EXPECT_EQ(batch.Upsert(NewEntry("b", 1)), nullptr);
    unlinked.push_back(batch.Upsert(NewEntry("a", 2)));
    unlinked.push_back(batch.Unlink("b"));
    EXPECT_EQ(batch.Unlink("b"), nullptr);
    // Its thread sees what it has written.
    EXPECT_EQ(map.Find("a")->mod_revision(), 2u);
  }
  EXPECT_EQ(unlinked[0]->key(), "a");
  EXPECT_EQ(unlinked[0]->mod_revision(), 1u);
  EXPECT_EQ(unlinked[1]->key(), "b");
  for (const Entry* entry : unlinked) map.Retire(entry);
  EXPECT_EQ(map.size(), 1u);
  EXPECT_EQ(this->SnapshotOfAbc(map), (Generations{2, 0, 0}));
}

TYPED_TEST(HashMapSnapshotTest, ABatchLargeEnoughToGrowTheMapIsOneBatch) {
  constexpr uint64_t kKeys = 5000;
  typename TestFixture::Map map;
  {
    typename TestFixture::WriteBatch batch(map);
    for (uint64_t i = 0; i < kKeys; ++i) {
      ASSERT_EQ(batch.Upsert(NewEntry("key-" + std::to_string(i), i)), nullptr);
    }
  }
  EXPECT_EQ(map.size(), kKeys);
  EXPECT_GT(map.bucket_bytes(), Bucket::kSlots * sizeof(Bucket) * kKeys / 32);
  for (uint64_t i = 0; i < kKeys; ++i) {
    const std::string key = "key-" + std::to_string(i);
    const typename TestFixture::Section section;
    ASSERT_EQ(map.Find(key)->mod_revision(), i);
  }
}

// The reader begins while half of the batch is written, so it has to wait for the rest:
// there is no such half for it, and no moment before it began to fall back on.
TYPED_TEST(HashMapSnapshotTest, AReaderThatMeetsAnOpenBatchSeesAllOfIt) {
  typename TestFixture::Map map;
  for (const char* key : {"a", "b", "c"})
    EXPECT_EQ(map.Upsert(NewEntry(key, 1)), nullptr);
  std::vector<const Entry*> unlinked;
  std::atomic<bool> reading{false};
  std::thread reader;
  {
    typename TestFixture::WriteBatch batch(map);
    unlinked.push_back(batch.Upsert(NewEntry("a", 2)));
    reader = std::thread([&] {
      reading.store(true, std::memory_order_release);
      EXPECT_EQ(this->SnapshotOfAbc(map), (Generations{2, 2, 0}));
    });
    while (!reading.load(std::memory_order_acquire)) std::this_thread::yield();
    // Long enough, most of the time, for it to give up speculating.
    for (int i = 0; i < 100; ++i) std::this_thread::yield();
    unlinked.push_back(batch.Upsert(NewEntry("b", 2)));
    unlinked.push_back(batch.Unlink("c"));
  }
  reader.join();
  for (const Entry* entry : unlinked) map.Retire(entry);
}

TYPED_TEST(HashMapSnapshotTest, ASingleWriteDoesNotWaitForABatch) {
  typename TestFixture::Map map;
  if (std::is_same_v<TypeParam, LockDomain>) GTEST_SKIP() << "a lock makes all wait";
  const typename TestFixture::WriteBatch batch(map);
  std::thread([&] { EXPECT_EQ(map.Upsert(NewEntry("b", 1)), nullptr); }).join();
  EXPECT_EQ(map.Find("b")->mod_revision(), 1u);
}

// ---- The storm

// Batch number g puts an entry of generation g under each of the even keys, and under the
// odd ones too if g is even; if it is odd it removes those. So a snapshot of one moment
// has one generation, and tells by it which keys there are.
constexpr size_t kKeys = 8;

std::string KeyOf(size_t i) { return "key-" + std::to_string(i); }
bool IsThere(size_t i, uint64_t generation) { return i % 2 == 0 || generation % 2 == 0; }

// The generation of a whole batch, or -1.
int64_t GenerationOf(const std::array<const Entry*, kKeys>& entries) {
  const uint64_t generation = entries[0] == nullptr ? 0 : entries[0]->mod_revision();
  for (size_t i = 0; i < kKeys; ++i) {
    if ((entries[i] != nullptr) != IsThere(i, generation)) return -1;
    if (entries[i] != nullptr && entries[i]->mod_revision() != generation) return -1;
  }
  return static_cast<int64_t>(generation);
}

struct Outcome {
  uint64_t reads = 0;
  uint64_t batches = 0;
  uint64_t torn = 0;
  uint64_t backwards = 0;
};

template <class Domain>
class Storm {
 public:
  // `read(map, keys, entries)` inside a section, until `stop(outcome)`, asked now and
  // then; beside two writers of batches, one of single writes that make the map grow and
  // shrink, and one reader that scans.
  template <class Read, class Stop>
  Outcome Run(Read read, Stop stop) {
    Outcome outcome;
    do {
      // A new map each round: it is the resizing that is dangerous.
      map_ = std::make_unique<Map>();
      generation_ = 0;
      WriteBatch(nullptr);
      ending_.store(false, std::memory_order_relaxed);
      std::vector<std::thread> others;
      for (int i = 0; i < 2; ++i) others.emplace_back(&Storm::WriteBatches, this);
      others.emplace_back(&Storm::GrowAndShrink, this);
      others.emplace_back(&Storm::Scan, this);
      ReadSome(read, outcome);
      ending_.store(true, std::memory_order_relaxed);
      for (auto& other : others) other.join();
      outcome.batches += generation_;
    } while (!stop(outcome));
    return outcome;
  }

 private:
  using Map = HashMap<Domain>;
  static constexpr int kReadsPerRound = 2000;
  static constexpr int kMostFillers = 20'000;

  template <class Read>
  void ReadSome(Read read, Outcome& outcome) {
    std::array<std::string, kKeys> names;
    std::array<std::string_view, kKeys> keys;
    for (size_t i = 0; i < kKeys; ++i) keys[i] = names[i] = KeyOf(i);
    int64_t newest = 0;
    for (int i = 0; i < kReadsPerRound; ++i) {
      std::array<const Entry*, kKeys> entries;
      const OnlineSection<Domain> section;
      read(*map_, keys, entries);
      ++outcome.reads;
      const int64_t generation = GenerationOf(entries);
      if (generation < 0) {
        ++outcome.torn;
      } else if (generation < newest) {
        ++outcome.backwards;
      } else {
        newest = generation;
      }
    }
  }

  bool Ending() const { return ending_.load(std::memory_order_relaxed); }

  void WriteBatches() {
    std::vector<const Entry*> unlinked;
    while (!Ending()) {
      WriteBatch(&unlinked);
      for (const Entry* entry : unlinked) Map::Retire(entry);
      unlinked.clear();
      // A reader that cannot keep up with writers who never pause shows nothing.
      std::this_thread::yield();
    }
  }

  void WriteBatch(std::vector<const Entry*>* unlinked) {
    typename Map::WriteBatch batch(*map_);
    // One batch at a time, so the number needs no protection of its own.
    const uint64_t generation = ++generation_;
    for (size_t i = 0; i < kKeys; ++i) {
      const std::string key = KeyOf(i);
      const Entry* entry = IsThere(i, generation)
                               ? batch.Upsert(NewEntry(key, generation))
                               : batch.Unlink(key);
      if (entry != nullptr) unlinked->push_back(entry);
    }
  }

  void GrowAndShrink() {
    for (int most = 200; !Ending(); most = std::min(10 * most, kMostFillers)) {
      for (int i = 0; i < most && !Ending(); ++i) {
        Map::Retire(map_->Upsert(NewEntry(FillerOf(i), 1)));
      }
      for (int i = 0; i < most && !Ending(); ++i) Map::Retire(map_->Unlink(FillerOf(i)));
    }
  }

  // The even keys are there throughout.
  void Scan() {
    while (!Ending()) {
      std::map<std::string, int, std::less<>> seen;
      uint64_t cursor = 0;
      do {
        const Online<Domain> online;
        cursor = map_->Scan(cursor, 8, [&](const Entry& entry) {
          ++seen[std::string(entry.key())];
          return true;
        });
      } while (cursor != 0);
      for (size_t i = 0; i < kKeys; i += 2) EXPECT_EQ(seen[KeyOf(i)], 1) << KeyOf(i);
    }
  }

  static std::string FillerOf(int i) { return "filler-" + std::to_string(i); }

  std::unique_ptr<Map> map_;
  uint64_t generation_ = 0;
  std::atomic<bool> ending_{false};
};

constexpr auto kSnapshotFind = [](const auto& map, const auto& keys, auto& entries) {
  map.SnapshotFind(keys, entries);
};
constexpr auto kPlainFind = [](const auto& map, const auto& keys, auto& entries) {
  for (size_t i = 0; i < kKeys; ++i) entries[i] = map.Find(keys[i]);
};

TYPED_TEST(HashMapSnapshotTest, NoSnapshotIsTornNorOlderThanTheOneBefore) {  // (g)
  // On a machine that has other things to do, batches are few.
  constexpr uint64_t kFewest = 100;
  const auto until = steady_clock::now() + Duration();
  const Outcome outcome =
      Storm<TypeParam>().Run(kSnapshotFind, [&](const Outcome& so_far) {
        return so_far.batches > kFewest && steady_clock::now() > until;
      });
  EXPECT_EQ(outcome.torn, 0u);
  EXPECT_EQ(outcome.backwards, 0u);
}

// The test above could fail: the same reads one by one are torn within moments. A minute
// is the bound.
TYPED_TEST(HashMapSnapshotTest, FindingTheKeysOneByOneIsTorn) {
  if (std::is_same_v<TypeParam, LockDomain>) {
    GTEST_SKIP() << "a batch of RwLockDomain excludes readers";
  }
  const auto until = steady_clock::now() + seconds(60);
  const Outcome outcome = Storm<TypeParam>().Run(kPlainFind, [&](const Outcome& so_far) {
    return so_far.torn > 0 || steady_clock::now() > until;
  });
  EXPECT_GT(outcome.torn, 0u);
}

// Writers who never pause, nor let go of the count for longer than it takes to take it.
TYPED_TEST(HashMapSnapshotTest, AReaderEndsWhateverTheWritersDo) {
  typename TestFixture::Map map;
  std::atomic<bool> end{false};
  std::vector<std::thread> writers;
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&] {
      uint64_t generation = 0;
      while (!end.load(std::memory_order_relaxed)) {
        std::array<const Entry*, 3> unlinked;
        {
          ++generation;
          typename TestFixture::WriteBatch batch(map);
          unlinked[0] = batch.Upsert(NewEntry("a", generation));
          unlinked[1] = batch.Upsert(NewEntry("b", generation));
          unlinked[2] = batch.Upsert(NewEntry("c", generation));
        }
        for (const Entry* entry : unlinked) map.Retire(entry);
      }
    });
  }
  for (int i = 0; i < 1000; ++i) {
    const Generations seen = this->SnapshotOfAbc(map);
    EXPECT_TRUE(seen[0] == seen[1] && seen[1] == seen[2]);
  }
  end.store(true, std::memory_order_relaxed);
  for (auto& writer : writers) writer.join();
}

// Whether the thread sleeps, by the kernel's word.
bool Sleeps(pid_t tid) {
  std::ifstream file("/proc/self/task/" + std::to_string(tid) + "/stat");
  const std::string stat((std::istreambuf_iterator<char>(file)), {});
  return stat.substr(stat.rfind(')') + 1, 2) == " S";
}

// In qsbr the thread of a batch owes a wait for what it has retired past the limit, and
// pays it when it goes offline, at the end of the batch. By then no reader may wait for
// the batch: the grace period waits for the reader.
TEST(HashMapSnapshotQsbrTest, ABatchThatOwesAWaitLetsItsReadersGoFirst) {
  struct Tag;
  using D = Domain<Qsbr, Tag>;
  using Map = HashMap<D>;
  constexpr uint64_t kReplaced = 10'000;
  D::SetBacklogLimit(1);
  Map map;
  std::atomic<pid_t> reader_tid{0};
  std::thread reader;
  {
    typename Map::WriteBatch batch(map);
    // Enough for bags to be closed, which is when the backlog is looked at.
    for (uint64_t i = 1; i <= kReplaced; ++i) {
      Map::Retire(batch.Upsert(NewEntry("key", i)));
    }
    reader = std::thread([&] {
      const Online<D> online;
      const typename D::ReadGuard guard;
      const std::string_view key = "key";
      const Entry* entry = nullptr;
      reader_tid.store(gettid(), std::memory_order_release);
      map.SnapshotFind({&key, 1}, {&entry, 1});
      EXPECT_EQ(entry->mod_revision(), kReplaced);
    });
    while (reader_tid.load(std::memory_order_acquire) == 0 || !Sleeps(reader_tid)) {
      std::this_thread::yield();
    }
  }
  reader.join();
  D::Barrier();
}

}  // namespace
}  // namespace rcu
