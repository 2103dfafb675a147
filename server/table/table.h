// One named table, whatever protects its readers.
//
// The flavor of RCU is a compile-time parameter of the hash map; it is chosen by a flag
// when the server starts. This interface is the one place where the two meet: a virtual
// call per request and an indirect one per group of keys, none per key.
#ifndef RCUKV_SERVER_TABLE_TABLE_H_
#define RCUKV_SERVER_TABLE_TABLE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "rcu/entry.h"

namespace rcukv {

// How much one read-side critical section covers.
enum class ReadSection { kPerBatch, kPerKey };

struct TableSize {
  uint64_t entries = 0;
  // Keys, values and entry headers.
  uint64_t bytes = 0;
  // Bucket arrays and overflow buckets.
  uint64_t bucket_bytes = 0;
};

// What Table::RunLookups is asked to do; the fields of RunLookupsRequest, with their
// defaults filled in.
struct LookupLoad {
  uint32_t threads = 1;
  uint32_t duration_ms = 1000;
  uint32_t batch_size = 128;
  uint32_t sections_per_key = 0;
  uint32_t distinct_keys = 100'000;
};

struct LookupReport {
  // Threads that looked up; fewer than asked for where the system refused more.
  uint32_t threads = 0;
  uint64_t lookups = 0;
  uint64_t hits = 0;
  // CPU time of the threads that looked up, all together.
  uint64_t reader_cpu_ns = 0;
  uint64_t wall_ns = 0;
};

// Thread safety: every method may be called by any thread at any time. Writers of one
// server are ordered by its committer, not here.
class Table {
 public:
  explicit Table(std::string name) : name_(std::move(name)) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  virtual ~Table() = default;

  const std::string& name() const { return name_; }
  // No other table of this process has it, one of the same name later on neither.
  uint64_t id() const { return id_; }

  // The most entries that a Visit is given at a time.
  static constexpr size_t kGroupKeys = 16;

  // Called as visit(first, entries) with the entries of keys[first], keys[first + 1] and
  // so on, 1 to kGroupKeys of them; null where there is no such key. It runs inside the
  // read-side critical section and must not wait for anything.
  using Visit = absl::FunctionRef<void(size_t, absl::Span<const rcu::Entry* const>)>;

  // Looks every key up and visits each entry once, in order. They are valid until `visit`
  // returns (kPerBatch: until Lookup returns).
  virtual void Lookup(absl::Span<const std::string_view> keys, ReadSection section,
                      Visit visit) const = 0;

  // Lookup of one key: calls visit(entry) once.
  void LookupOne(std::string_view key,
                 absl::FunctionRef<void(const rcu::Entry*)> visit) const {
    Lookup({&key, 1}, ReadSection::kPerKey,
           [visit](size_t, absl::Span<const rcu::Entry* const> entries) {
             visit(entries.front());
           });
  }

  // Lookup of all keys at one moment: each WriteTogether is seen as a whole or not at
  // all, and the same ones by all keys. One section, whose keys are all found before the
  // first is visited. Seldom, where writes come thick, this waits for a WriteTogether to
  // end.
  virtual void LookupSnapshot(absl::Span<const std::string_view> keys,
                              Visit visit) const = 0;

  // Visits entries from `cursor` (0: the beginning) on, in the hash's order, until visit
  // returns false or `max_buckets` buckets were walked. Returns the cursor to go on
  // from, 0 at the end. A key that is there throughout is visited exactly once.
  virtual uint64_t Scan(uint64_t cursor, size_t max_buckets,
                        absl::FunctionRef<bool(const rcu::Entry&)> visit) const = 0;

  // Makes `entry` the one of its key. Returns the entry that it replaced, unlinked and
  // owned by the caller, who must give it to Protection::Reclaim; null if there was none.
  // A dropped table returns `entry` itself.
  [[nodiscard]] virtual const rcu::Entry* Upsert(rcu::EntryPtr entry) = 0;

  // Removes a key. Returns what was unlinked, as Upsert does.
  [[nodiscard]] virtual const rcu::Entry* Unlink(std::string_view key) = 0;

  // Upsert of many entries, of keys that are not there: what a server loads when it
  // starts. Faster than one by one in a large table, as the cache misses of a group are
  // taken together. Null: all are in the table. Where a key was there all the same, it
  // ends with that, and returns one of the two entries, which is not in the table and is
  // the caller's, as Upsert's; the rest stays in `entries`.
  [[nodiscard]] virtual const rcu::Entry* Load(absl::Span<rcu::EntryPtr> entries) = 0;

  // What WriteTogether is given: Upsert and Unlink as the table's.
  class Writer {
   public:
    [[nodiscard]] virtual const rcu::Entry* Upsert(rcu::EntryPtr entry) = 0;
    [[nodiscard]] virtual const rcu::Entry* Unlink(std::string_view key) = 0;

   protected:
    ~Writer() = default;
  };

  // Calls write(writer) once: what it writes, LookupSnapshot sees as one; Lookup and Scan
  // see it key by key. One at a time in each table. `write` runs inside a section, must
  // not wait for anything, and must use no other method of the table that changes
  // something.
  virtual void WriteTogether(absl::FunctionRef<void(Writer&)> write) = 0;

  // Unlinks and reclaims every entry that is there throughout, a slice at a time, so
  // LookupSnapshot may find the table half cleared. Returns how many. Not from inside a
  // read-side critical section.
  virtual uint64_t Clear() = 0;

  // From now on Upsert publishes nothing and returns the very entry it was given, so that
  // a write which was on its way when the table was deleted leaves nothing behind in it.
  // What is there stays until the next Clear. Returns whether that is new.
  virtual bool MarkDropped() = 0;
  virtual bool dropped() const = 0;

  // MarkDropped and Clear. Returns how many entries were cleared; 0 when dropped before.
  uint64_t Drop() { return MarkDropped() ? Clear() : 0; }

  virtual TableSize Size() const = 0;

  // Looks keys of this table up from threads of its own and compares each entry's key
  // with the one asked for. Returns early when cancelled() says so; it is asked every few
  // milliseconds. An empty table answers no lookups at once.
  virtual LookupReport RunLookups(const LookupLoad& load,
                                  absl::FunctionRef<bool()> cancelled) const = 0;

 private:
  static uint64_t NextId() {
    static std::atomic<uint64_t> newest{0};
    // relaxed: a number; nothing is published through it.
    return newest.fetch_add(1, std::memory_order_relaxed) + 1;
  }

  const std::string name_;
  const uint64_t id_ = NextId();
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_TABLE_TABLE_H_
