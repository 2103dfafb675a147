// One key and its value: a single immutable allocation that readers share.
//
//   EntryPtr entry = Entry::New("key", "value", {.mod_revision = 7});
//
// Thread safety: immutable once made, so any number of threads may read it.
#ifndef RCUKV_RCU_ENTRY_H_
#define RCUKV_RCU_ENTRY_H_

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

// What an entry carries beside its key and value.
struct EntryMeta {
  // The revision of the write that set the value, and of the one that created the key.
  uint64_t mod_revision = 0;
  uint64_t create_revision = 0;
  // Microseconds since the Unix epoch; 0: never expires.
  uint64_t expire_time = 0;
};

// Layout: 16 bytes of header, 16 more only where create_revision differs from
// mod_revision or the entry expires, the key, the value.
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

  // Header, key and value: what New asked the allocator for.
  size_t allocated_bytes() const {
    return size_t{header_bytes_} + key_bytes_ + value_bytes_;
  }

  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

 private:
  friend struct EntryDeleter;

  struct Extension {
    uint64_t create_revision;
    uint64_t expire_time;
  };

  Entry(std::string_view key, std::string_view value, const EntryMeta& meta,
        bool extended);
  ~Entry() = default;

  bool extended() const { return header_bytes_ > sizeof(Entry); }
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
