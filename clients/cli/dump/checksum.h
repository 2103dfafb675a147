// The checksum of dumps: XXH3 with 64 bits, of bytes that come in pieces.
//
// It finds damage, with a chance of 1 in 2^64 to overlook one; it is no signature.
//
// Thread safety: one thread at a time.

#ifndef RCUKV_CLIENTS_CLI_DUMP_CHECKSUM_H_
#define RCUKV_CLIENTS_CLI_DUMP_CHECKSUM_H_

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace rcukv::cli {

class Checksum {
 public:
  Checksum() { XXH3_64bits_reset(&state_); }

  void Add(std::string_view bytes) {
    XXH3_64bits_update(&state_, bytes.data(), bytes.size());
  }

  // Of all that was added so far.
  uint64_t value() const { return XXH3_64bits_digest(&state_); }

 private:
  XXH3_state_t state_;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_DUMP_CHECKSUM_H_
