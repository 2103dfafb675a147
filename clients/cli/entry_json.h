// Entries as commands print them with --json.

#ifndef RCUKV_CLIENTS_CLI_ENTRY_JSON_H_
#define RCUKV_CLIENTS_CLI_ENTRY_JSON_H_

#include <optional>
#include <string>

#include "clients/cli/json.h"
#include "clients/cpp/entry.h"

namespace rcukv::cli {

// {"key":...,"value":...,"mod_revision":...,"create_revision":...} and, where there is
// one, "expire_time".
Json EntryJson(const Entry& entry, bool keys_only);

// {"key":...,"found":...}.
Json FoundJson(const std::string& key, bool found);

// Both of what was looked up.
Json FoundEntryJson(const std::string& key, const std::optional<Entry>& entry);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_ENTRY_JSON_H_
