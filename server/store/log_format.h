// How entries and tables lie in the database of a durable store; format 1 of
// data_directory.h.
//
//   key                              value
//   'e' length table-name key        mod_revision create_revision expire_time value
//   'r'                              the newest revision
//   't' table-name                   (empty)
//
// Numbers take 8 bytes, the least significant one first; `length`, of the table's name,
// takes one. So a table's entries are next to one another, and no two tables' mix.
//
// Thread safety: functions of their arguments alone.
#ifndef RCUKV_SERVER_STORE_LOG_FORMAT_H_
#define RCUKV_SERVER_STORE_LOG_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rcu/entry.h"
#include "server/store/durable_log.h"

namespace rcukv::log_format {

inline constexpr std::string_view kRevisionKey = "r";

// All keys of a kind are from Begin on, and below End.
inline constexpr std::string_view kEntriesBegin = "e";
inline constexpr std::string_view kEntriesEnd = "f";
inline constexpr std::string_view kTablesBegin = "t";
inline constexpr std::string_view kTablesEnd = "u";

// A table's name has 1 to 255 bytes, below 0xff.
std::string TableKey(std::string_view table);
// The name; the key is one from kTablesBegin on.
inline std::string_view TableOfKey(std::string_view key) { return key.substr(1); }

// The keys of a table's entries are from EntriesBegin on, and below EntriesEnd.
std::string EntriesBegin(std::string_view table);
std::string EntriesEnd(std::string_view table);

std::string EntryKey(std::string_view table, std::string_view key);
std::string EntryValue(const rcu::Entry& entry);
// Nothing where they are not of this form. Points into both.
std::optional<StoredEntry> ParseEntry(std::string_view key, std::string_view value);

std::string RevisionValue(uint64_t revision);
std::optional<uint64_t> ParseRevision(std::string_view value);

}  // namespace rcukv::log_format

#endif  // RCUKV_SERVER_STORE_LOG_FORMAT_H_
