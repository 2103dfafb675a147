#include "clients/cpp/key_value_connection.h"

#include "absl/time/time.h"

namespace rcukv::internal {

Entry FromProto(v1::Entry&& entry) {
  return {
      .key = std::move(*entry.mutable_key()),
      .value = std::move(*entry.mutable_value()),
      .mod_revision = entry.mod_revision(),
      .create_revision = entry.create_revision(),
      .expire_time =
          entry.expire_time() == 0
              ? absl::InfiniteFuture()
              : absl::FromUnixMicros(static_cast<int64_t>(entry.expire_time())),
  };
}

}  // namespace rcukv::internal
