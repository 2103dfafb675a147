// A growing run of bytes that can be handed over without a copy.
//
// Unlike a std::string it does not zero what is about to be overwritten, and it gives its
// memory away: a response is encoded once, and what was encoded is what goes out.
//
//   OutputBuffer out;
//   out.Reserve(last_size);
//   char* p = out.Append(3);            // exactly 3 bytes to fill
//   ...
//   OutputBuffer::Bytes bytes = out.Release();
//
// Thread safety: none; one thread at a time.
#ifndef RCUKV_SERVER_SERVICE_OUTPUT_BUFFER_H_
#define RCUKV_SERVER_SERVICE_OUTPUT_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace rcukv {

class OutputBuffer {
 public:
  struct Free {
    void operator()(char* data) const { std::free(data); }
  };
  // From malloc; null when the buffer was never written to.
  using Bytes = std::unique_ptr<char, Free>;

  OutputBuffer() = default;
  OutputBuffer(OutputBuffer&& other) noexcept
      : data_(std::move(other.data_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  OutputBuffer& operator=(OutputBuffer&& other) noexcept {
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  size_t size() const { return size_; }
  std::string_view view() const { return {data_.get(), size_}; }

  // Makes room for `bytes` in all, so that appending up to there moves nothing.
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

  // Forgets the content, keeps the memory.
  void Clear() { size_ = 0; }

  // Gives the memory away and leaves the buffer empty.
  Bytes Release() {
    size_ = capacity_ = 0;
    return std::move(data_);
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
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_OUTPUT_BUFFER_H_
