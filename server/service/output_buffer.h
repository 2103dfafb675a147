// A growing run of bytes that can be handed over without a copy, and between them large
// values that are referred to and not copied at all.
//
// Unlike a std::string it does not zero what is about to be overwritten, and it gives its
// memory away: a response is encoded once, and what was encoded is what goes out.
//
//   OutputBuffer out;
//   out.Reserve(last_size);
//   char* p = out.Append(3);            // exactly 3 bytes to fill
//   out.Refer(*entry, p + 2);           // the entry's value stands after the second
//   ...
//   OutputBuffer::Parts parts = out.Release();
//
// Thread safety: none; one thread at a time.
#ifndef RCUKV_SERVER_SERVICE_OUTPUT_BUFFER_H_
#define RCUKV_SERVER_SERVICE_OUTPUT_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "rcu/entry.h"

namespace rcukv {

class OutputBuffer {
 public:
  struct Free {
    void operator()(char* data) const { std::free(data); }
  };
  // From malloc; null when the buffer was never written to.
  using Bytes = std::unique_ptr<char, Free>;

  // The value of `entry` stands ahead of the byte `offset`.
  struct Reference {
    size_t offset;
    rcu::SharedEntry entry;
  };

  struct Parts {
    Bytes bytes;
    // Of `bytes`.
    size_t size = 0;
    // Their offsets do not fall.
    std::vector<Reference> references;
  };

  OutputBuffer() = default;
  OutputBuffer(OutputBuffer&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)),
        references_(std::move(other.references_)),
        referenced_bytes_(std::exchange(other.referenced_bytes_, 0)) {}
  OutputBuffer& operator=(OutputBuffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    references_ = std::move(other.references_);
    referenced_bytes_ = std::exchange(other.referenced_bytes_, 0);
    return *this;
  }

  // All of it, and without the values that are referred to.
  size_t size() const { return size_ + referenced_bytes_; }
  size_t copied_bytes() const { return size_; }

  // Makes room for so many copied bytes in all: appending up to there moves nothing.
  void Reserve(size_t bytes) {
    if (bytes > capacity_) Grow(bytes);
  }

  // Adds `bytes` bytes of unspecified content; the caller fills them. The pointer is good
  // until the next call.
  char* Append(size_t bytes) {
    if (bytes > capacity_ - size_) Grow(std::max(size_ + bytes, 2 * capacity_));
    char* begin = data_.get() + size_;
    size_ += bytes;
    return begin;
  }

  // Puts the value of `entry` ahead of `at`, which is in, or at the end of, what Append
  // returned last, and not ahead of an earlier one. Inside the read-side section in which
  // the entry, a shareable one, was found.
  void Refer(const rcu::Entry& entry, const char* at) {
    references_.push_back(
        {.offset = static_cast<size_t>(at - data_.get()), .entry = entry.Share()});
    referenced_bytes_ += entry.value().size();
  }

  // Gives everything away and leaves the buffer empty.
  Parts Release() {
    capacity_ = referenced_bytes_ = 0;
    return {.bytes = std::move(data_),
            .size = std::exchange(size_, 0),
            .references = std::exchange(references_, {})};
  }

 private:
  static constexpr size_t kSmallest = 64;

  void Grow(size_t capacity) {
    capacity = std::max(capacity, kSmallest);
    void* moved = std::realloc(data_.get(), capacity);
    if (moved == nullptr) throw std::bad_alloc();
    (void)data_.release();  // realloc has freed it, or moved is the same memory.
    data_.reset(static_cast<char*>(moved));
    capacity_ = capacity;
  }

  Bytes data_;
  size_t size_ = 0;
  size_t capacity_ = 0;
  std::vector<Reference> references_;
  size_t referenced_bytes_ = 0;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_OUTPUT_BUFFER_H_
