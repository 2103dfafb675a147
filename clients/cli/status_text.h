// What the admin service answers, as text for people.

#ifndef RCUKV_CLIENTS_CLI_STATUS_TEXT_H_
#define RCUKV_CLIENTS_CLI_STATUS_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::cli {

// The enumerators' names in lower case, as `rcukv set-...` takes them.
std::string NameOf(v1::Flavor flavor);
std::string NameOf(v1::MembarrierMode mode);
std::string NameOf(v1::ReclaimMode mode);
std::string NameOf(v1::ReadSection section);

// Everything in a GetStatus.
std::string StatusText(const v1::GetStatusResponse& status);

// One table a line, below a heading.
std::string TablesText(const google::protobuf::RepeatedPtrField<v1::TableInfo>& tables);

// Whether lookups that took place, for which `asked` was asked, ended before their time.
bool WasCutShort(const v1::RunLookupsResponse& response, absl::Duration asked);

// What came out, and whether it was cut short, or why there was nothing to look up.
std::string LookupsText(const v1::RunLookupsResponse& response, absl::Duration asked);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_STATUS_TEXT_H_
