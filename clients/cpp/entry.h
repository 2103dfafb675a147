// What is stored in a table, as a client sees it.

#ifndef RCUKV_CLIENTS_CPP_ENTRY_H_
#define RCUKV_CLIENTS_CPP_ENTRY_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace rcukv {

// A value and the revision of the write that set it.
struct Value {
  std::string value;
  uint64_t mod_revision = 0;
};

// A key and everything the server keeps for it.
struct Entry {
  std::string key;
  std::string value;
  uint64_t mod_revision = 0;
  // The revision of the write that created the key.
  uint64_t create_revision = 0;
  // absl::InfiniteFuture(): never.
  absl::Time expire_time = absl::InfiniteFuture();
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_ENTRY_H_
