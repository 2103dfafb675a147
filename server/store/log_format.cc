#include "server/store/log_format.h"

#include <bit>
#include <cstring>

namespace rcukv::log_format {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr size_t kMetaBytes = 3 * sizeof(uint64_t);

void AppendNumber(uint64_t number, std::string* out) {
  out->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

uint64_t NumberAt(std::string_view bytes, size_t offset) {
  uint64_t number;
  std::memcpy(&number, bytes.data() + offset, sizeof(number));
  return number;
}

}  // namespace

std::string TableKey(std::string_view table) {
  return std::string(kTablesBegin).append(table);
}

std::string EntriesBegin(std::string_view table) {
  std::string begin(kEntriesBegin);
  begin.push_back(static_cast<char>(table.size()));
  return begin.append(table);
}

std::string EntriesEnd(std::string_view table) {
  std::string end = EntriesBegin(table);
  ++end.back();
  return end;
}

std::string EntryKey(std::string_view table, std::string_view key) {
  return EntriesBegin(table).append(key);
}

std::string EntryValue(const rcu::Entry& entry) {
  std::string value;
  value.reserve(kMetaBytes + entry.value().size());
  AppendNumber(entry.mod_revision(), &value);
  AppendNumber(entry.create_revision(), &value);
  AppendNumber(entry.expire_time(), &value);
  return value.append(entry.value());
}

std::optional<StoredEntry> ParseEntry(std::string_view key, std::string_view value) {
  constexpr size_t kNameAt = 2;
  if (key.size() < kNameAt || !key.starts_with(kEntriesBegin)) return std::nullopt;
  const size_t name_bytes = static_cast<unsigned char>(key[1]);
  if (key.size() <= kNameAt + name_bytes || value.size() < kMetaBytes) {
    return std::nullopt;
  }
  return StoredEntry{.table = key.substr(kNameAt, name_bytes),
                     .key = key.substr(kNameAt + name_bytes),
                     .value = value.substr(kMetaBytes),
                     .meta = {.mod_revision = NumberAt(value, 0),
                              .create_revision = NumberAt(value, sizeof(uint64_t)),
                              .expire_time = NumberAt(value, 2 * sizeof(uint64_t))}};
}

std::string RevisionValue(uint64_t revision) {
  std::string value;
  AppendNumber(revision, &value);
  return value;
}

std::optional<uint64_t> ParseRevision(std::string_view value) {
  if (value.size() != sizeof(uint64_t)) return std::nullopt;
  return NumberAt(value, 0);
}

}  // namespace rcukv::log_format
