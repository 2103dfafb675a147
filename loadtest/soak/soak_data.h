// The entries of a soak: for each key an endless row of writes, 0, 1, 2 ..., of which
// each is known in advance: a value of some size, or a delete.
//
// A write is drawn at random from seed, key and number alone, write 0 as well, which is
// how the server is filled. So the number of live keys and the bytes of their values are
// from the first second on what they are after any number of writes, but for chance; and
// whoever reads a key can tell every byte of the answer, and whether it is one that was
// current while the read was under way.
//
// Thread safety: immutable once made.
#ifndef RCUKV_LOADTEST_SOAK_SOAK_DATA_H_
#define RCUKV_LOADTEST_SOAK_SOAK_DATA_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace rcukv::loadtest {

// Numbers of a key's writes, both ends included.
struct WriteRange {
  // The newest that was answered before the read was sent.
  uint64_t oldest = 0;
  // The newest that was sent before the read was answered.
  uint64_t newest = 0;
};

class SoakData {
 public:
  static constexpr size_t kKeyBytes = 16;
  static constexpr size_t kMinValueBytes = 20;
  static constexpr size_t kMaxValueBytes = 64 << 10;
  // One in so many writes is a delete.
  static constexpr uint64_t kWritesPerDelete = 32;

  SoakData(uint64_t seed, size_t keys) : seed_(seed), keys_(keys) {}

  // How many there are; about one in kWritesPerDelete is absent at any time.
  size_t keys() const { return keys_; }

  // No two are the same.
  std::string Key(size_t index) const;

  bool IsDelete(size_t index, uint64_t write) const;

  // Of a write that is not a delete. 84 in a hundred are of up to 200 bytes, 15 of up to
  // 2 KiB, and one of 8 to 64 KiB, which the server answers by reference.
  std::string Value(size_t index, uint64_t write) const;

  // Whether `answer`, nothing where the key was not found, is what one of the writes left
  // behind. DATA_LOSS says what it is instead.
  absl::Status Check(size_t index, const std::optional<std::string_view>& answer,
                     WriteRange writes) const;

 private:
  // From which everything about a write follows.
  uint64_t Draw(size_t index, uint64_t write) const;
  size_t ValueBytes(size_t index, uint64_t write) const;
  absl::Status CheckAbsent(size_t index, WriteRange writes) const;
  absl::Status CheckValue(size_t index, std::string_view value, WriteRange writes) const;

  const uint64_t seed_;
  const size_t keys_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_SOAK_SOAK_DATA_H_
