#include "rcu/bucket.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace rcu {
namespace {

// From here on an array gets pages of its own: they come zeroed and untouched, so a
// writer that begins to grow a large map does not stop to clear the new array.
constexpr size_t kMapBytes = size_t{1} << 20;

// Of x86-64, and of aarch64 with small pages of 4 KiB. Where it is another, the arrays
// are aligned for nothing.
constexpr size_t kHugePageBytes = size_t{2} << 20;

// Zeroed pages, on a boundary of huge pages, and huge ones where the system gives them: a
// lookup in a large map misses the TLB in nearly every bucket otherwise. Null: there is
// no memory.
void* MapPages(size_t bytes) {
  const size_t mapped = bytes + kHugePageBytes;
  void* pages = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                     /*fd=*/-1, /*offset=*/0);
  if (pages == MAP_FAILED) return nullptr;
  char* const begin = static_cast<char*>(pages);
  const size_t before = -reinterpret_cast<uintptr_t>(begin) % kHugePageBytes;
  if (before > 0) munmap(begin, before);
  munmap(begin + before + bytes, mapped - before - bytes);
  // Where it is refused, the pages are small.
  (void)madvise(begin + before, bytes, MADV_HUGEPAGE);
  return begin + before;
}

// Null: there is no memory.
Bucket* AllocateBuckets(size_t count) {
  const size_t bytes = count * sizeof(Bucket);
  if (bytes < kMapBytes) return new (std::nothrow) Bucket[count];
  // A zeroed bucket is an empty one.
  return static_cast<Bucket*>(MapPages(bytes));
}

void FreeBuckets(Bucket* buckets, size_t count) {
  const size_t bytes = count * sizeof(Bucket);
  if (bytes < kMapBytes) {
    delete[] buckets;
  } else {
    munmap(buckets, bytes);
  }
}

}  // namespace

BucketArray* BucketArray::New(size_t count) {
  Bucket* buckets = AllocateBuckets(count);
  if (buckets == nullptr) return nullptr;
  auto* array = new (std::nothrow) BucketArray(buckets, count);
  if (array == nullptr) FreeBuckets(buckets, count);
  return array;
}

void BucketArray::Delete(BucketArray* array) {
  FreeBuckets(array->buckets_, array->count());
  delete array;
}

}  // namespace rcu
