#include "rcu/entry.h"

#include <cassert>
#include <new>

namespace rcu {

EntryPtr Entry::New(std::string_view key, std::string_view value, const EntryMeta& meta) {
  assert(key.size() <= kMaxKeyBytes && value.size() <= kMaxValueBytes);
  const bool extended =
      meta.create_revision != meta.mod_revision || meta.expire_time != 0;
  const size_t bytes =
      sizeof(Entry) + (extended ? sizeof(Extension) : 0) + key.size() + value.size();
  return EntryPtr(new (::operator new(bytes)) Entry(key, value, meta, extended));
}

Entry::Entry(std::string_view key, std::string_view value, const EntryMeta& meta,
             bool extended)
    : mod_revision_(meta.mod_revision),
      value_bytes_(static_cast<uint32_t>(value.size())),
      key_bytes_(static_cast<uint16_t>(key.size())),
      header_bytes_(
          static_cast<uint8_t>(sizeof(Entry) + (extended ? sizeof(Extension) : 0))) {
  if (extended) new (this + 1) Extension{meta.create_revision, meta.expire_time};
  char* bytes = reinterpret_cast<char*>(this) + header_bytes_;
  // memcpy takes no null pointer, which an empty view may hold.
  if (!key.empty()) memcpy(bytes, key.data(), key.size());
  if (!value.empty()) memcpy(bytes + key.size(), value.data(), value.size());
}

void EntryDeleter::operator()(const Entry* entry) const {
  entry->~Entry();
  ::operator delete(const_cast<Entry*>(entry));
}

}  // namespace rcu
