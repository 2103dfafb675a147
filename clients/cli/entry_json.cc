#include "clients/cli/entry_json.h"

#include "absl/time/time.h"

namespace rcukv::cli {

Json EntryJson(const Entry& entry, bool keys_only) {
  Json object;
  SetBytes(object, "key", entry.key);
  if (!keys_only) SetBytes(object, "value", entry.value);
  object["mod_revision"] = entry.mod_revision;
  object["create_revision"] = entry.create_revision;
  if (entry.expire_time != absl::InfiniteFuture()) {
    object["expire_time"] = absl::FormatTime(entry.expire_time, absl::UTCTimeZone());
  }
  return object;
}

Json FoundJson(const std::string& key, bool found) {
  Json object;
  SetBytes(object, "key", key);
  object["found"] = found;
  return object;
}

Json FoundEntryJson(const std::string& key, const std::optional<Entry>& entry) {
  Json object = FoundJson(key, entry.has_value());
  if (entry.has_value()) object.update(EntryJson(*entry, false));
  return object;
}

}  // namespace rcukv::cli
