#include "rcu/bucket.h"

#include <sys/mman.h>

#include <new>

namespace rcu {
namespace {

// From here on an array gets pages of its own: they come zeroed and untouched, so a
// writer that begins to grow a large map does not stop to clear the new array.
constexpr size_t kMapBytes = size_t{1} << 20;

// Null: there is no memory.
Bucket* AllocateBuckets(size_t count) {
  const size_t bytes = count * sizeof(Bucket);
  if (bytes < kMapBytes) return new (std::nothrow) Bucket[count];
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                     /*fd=*/-1, /*offset=*/0);
  if (pages == MAP_FAILED) return nullptr;
  // A zeroed bucket is an empty one.
  return static_cast<Bucket*>(pages);
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
