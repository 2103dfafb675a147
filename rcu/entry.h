// One key and its value: a single immutable allocation that readers share.
//
//   EntryPtr entry = Entry::New("key", "value", {.mod_revision = 7});
//
// Thread safety: immutable once made, so any number of threads may read it.
//
// A large value need not be copied to be used when the section in which its entry was
// found is over:
//
//   SharedEntry kept;
//   {
//     MembDomain::ReadGuard guard;
//     const Entry* entry = map.Find("key");
//     if (entry != nullptr && entry->shareable()) kept = entry->Share();
//   }
//   if (kept != nullptr) Send(kept->value());      // whatever has become of the key
//
// Memory ordering: docs/MEMORY_MODEL.md; the labels are [E1] [E2].
#ifndef RCUKV_RCU_ENTRY_H_
#define RCUKV_RCU_ENTRY_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace rcu {

class Entry;

struct EntryDeleter {
  void operator()(const Entry* entry) const;
};
// Owns an entry that no reader can reach: not published yet, or reclaimed.
using EntryPtr = std::unique_ptr<const Entry, EntryDeleter>;

struct EntryReleaser {
  void operator()(const Entry* entry) const;
};
// Keeps an entry, beside its owner and others of this kind: the last one frees it.
using SharedEntry = std::unique_ptr<const Entry, EntryReleaser>;

// What an entry carries beside its key and value.
struct EntryMeta {
  // The revision of the write that set the value, and of the one that created the key.
  uint64_t mod_revision = 0;
  uint64_t create_revision = 0;
  // Microseconds since the Unix epoch; 0: never expires.
  uint64_t expire_time = 0;
};

// Layout: 16 bytes of header, 16 more only where create_revision differs from
// mod_revision or the entry expires, the key, the value. Ahead of one that can be shared
// there are 8 bytes more, a count of references; so the others, and lookups, know nothing
// of it.
class Entry {
 public:
  static constexpr size_t kMaxKeyBytes = 0xffff;
  static constexpr size_t kMaxValueBytes = 0xffff'ffff;

  // Copies both. The caller keeps the sizes within kMaxKeyBytes and kMaxValueBytes.
  static EntryPtr New(std::string_view key, std::string_view value,
                      const EntryMeta& meta = {});

  std::string_view key() const { return {Bytes(), key_bytes_}; }
  std::string_view value() const { return {Bytes() + key_bytes_, value_bytes_}; }
  uint64_t mod_revision() const { return mod_revision_; }
  uint64_t create_revision() const {
    return extended() ? Extended().create_revision : mod_revision_;
  }
  uint64_t expire_time() const { return extended() ? Extended().expire_time : 0; }

  // Values from this size on can be shared. Measured for a message to gRPC: to refer to a
  // value costs as much as to copy 2 to 4 KiB; a copy of 8 KiB costs 1.6 times as much,
  // one of 64 KiB fifteen times.
  static constexpr size_t kShareableValueBytes = 8 << 10;
  bool shareable() const { return value_bytes_ >= kShareableValueBytes; }

  // Keeps the entry, which is shareable, for longer than the section in which the caller
  // has found it, and in which this is called (or while it owns or keeps the entry).
  SharedEntry Share() const;

  // Of all entries that their owners have freed, and that are kept nevertheless: their
  // allocated_bytes(). A figure.
  static size_t kept_bytes();

  // Header, key, value and count: what New asked the allocator for.
  size_t allocated_bytes() const {
    return CountBytes() + header_bytes_ + key_bytes_ + value_bytes_;
  }

  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

 private:
  friend struct EntryDeleter;
  friend struct EntryReleaser;

  // Of references: 1 for the owner, and 1 for each SharedEntry.
  using Count = std::atomic<uint64_t>;

  struct Extension {
    uint64_t create_revision;
    uint64_t expire_time;
  };

  Entry(std::string_view key, std::string_view value, const EntryMeta& meta,
        bool extended);
  ~Entry() = default;

  bool extended() const { return header_bytes_ > sizeof(Entry); }
  size_t CountBytes() const { return shareable() ? sizeof(Count) : 0; }
  Count& SharedCount() const {
    return reinterpret_cast<Count*>(const_cast<Entry*>(this))[-1];
  }
  // Gives a reference back; returns whether it was the last.
  bool DropReference() const;
  static void Free(const Entry* entry);

  const char* Bytes() const {
    return reinterpret_cast<const char*>(this) + header_bytes_;
  }
  const Extension& Extended() const {
    return *reinterpret_cast<const Extension*>(this + 1);
  }

  const uint64_t mod_revision_;
  const uint32_t value_bytes_;
  const uint16_t key_bytes_;
  const uint8_t header_bytes_;
};

static_assert(sizeof(Entry) == 16);

}  // namespace rcu

#endif  // RCUKV_RCU_ENTRY_H_
