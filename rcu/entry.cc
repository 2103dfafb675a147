#include "rcu/entry.h"

#include <cassert>
#include <new>

#include "rcu/mutant.h"

namespace rcu {
namespace {

// See Entry::kept_bytes.
std::atomic<int64_t> kept_bytes_sum{0};

}  // namespace

EntryPtr Entry::New(std::string_view key, std::string_view value, const EntryMeta& meta) {
  assert(key.size() <= kMaxKeyBytes && value.size() <= kMaxValueBytes);
  const bool extended =
      meta.create_revision != meta.mod_revision || meta.expire_time != 0;
  const size_t count_bytes = value.size() >= kShareableValueBytes ? sizeof(Count) : 0;
  const size_t bytes = count_bytes + sizeof(Entry) + (extended ? sizeof(Extension) : 0) +
                       key.size() + value.size();
  char* at = static_cast<char*>(::operator new(bytes));
  if (count_bytes != 0) new (at) Count(1);
  return EntryPtr(new (at + count_bytes) Entry(key, value, meta, extended));
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

SharedEntry Entry::Share() const {
  assert(shareable());
  // [E1] relaxed: nothing is published through it. The owner's reference, which is
  // dropped after a grace period that waits for the caller's section, is still there.
  SharedCount().fetch_add(1, std::memory_order_relaxed);
  return SharedEntry(this);
}

size_t Entry::kept_bytes() {
  // relaxed: a figure.
  return static_cast<size_t>(kept_bytes_sum.load(std::memory_order_relaxed));
}

bool Entry::DropReference() const {
  // [E2] acq_rel; pairs with itself: whoever drops the last reference, and frees the
  // entry, does so after everyone else's last look at it.
  return SharedCount().fetch_sub(
             1, Order<Mutant::kReferenceDropRelaxed>(std::memory_order_acq_rel)) == 1;
}

void Entry::Free(const Entry* entry) {
  char* begin = reinterpret_cast<char*>(const_cast<Entry*>(entry)) - entry->CountBytes();
  entry->~Entry();
  ::operator delete(begin);
}

void EntryDeleter::operator()(const Entry* entry) const {
  if (!entry->shareable()) return Entry::Free(entry);
  // relaxed, both: a figure. Added before the reference is dropped, as whoever drops the
  // last one subtracts.
  const auto bytes = static_cast<int64_t>(entry->allocated_bytes());
  kept_bytes_sum.fetch_add(bytes, std::memory_order_relaxed);
  EntryReleaser()(entry);
}

void EntryReleaser::operator()(const Entry* entry) const {
  if (!entry->DropReference()) return;
  const auto bytes = static_cast<int64_t>(entry->allocated_bytes());
  // relaxed: a figure.
  kept_bytes_sum.fetch_sub(bytes, std::memory_order_relaxed);
  Entry::Free(entry);
}

}  // namespace rcu
