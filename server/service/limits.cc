#include "server/service/limits.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace rcukv {

absl::Status CheckKey(std::string_view field, std::string_view key,
                      const Limits& limits) {
  if (key.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        std::string(field), ": empty, a key has 1 to ", limits.max_key_bytes, " bytes"));
  }
  if (key.size() <= limits.max_key_bytes) return absl::OkStatus();
  return OverLimit(field, key.size(), "bytes", limits.max_key_bytes, "max_key_bytes");
}

absl::Status CheckValue(std::string_view field, std::string_view value,
                        const Limits& limits) {
  if (value.size() <= limits.max_value_bytes) return absl::OkStatus();
  return OverLimit(field, value.size(), "bytes", limits.max_value_bytes,
                   "max_value_bytes");
}

absl::Status CheckTtl(std::string_view field, uint64_t ttl) {
  if (ttl == 0) return absl::OkStatus();
  return absl::UnimplementedError(absl::StrCat(
      std::string(field), ": this server does not have expiry yet; leave it at 0"));
}

absl::Status OverLimit(std::string_view field, uint64_t value, std::string_view unit,
                       uint64_t limit, std::string_view limit_name) {
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(field), ": ", value, " ", std::string(unit),
                   ", the limit is ", limit, " (", std::string(limit_name), ")"));
}

absl::Status CheckMinRevision(uint64_t min_revision, uint64_t revision) {
  if (min_revision <= revision) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("min_revision: ", min_revision,
                   " is ahead of this server, which is at ", revision));
}

}  // namespace rcukv
