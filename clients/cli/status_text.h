// What the admin service answers, as text for people.

#ifndef RCUKV_CLIENTS_CLI_STATUS_TEXT_H_
#define RCUKV_CLIENTS_CLI_STATUS_TEXT_H_

#include <string>

#include "proto/rcukv/v1/admin.pb.h"

namespace rcukv::cli {

// The enumerators' names in lower case, as the server's flags have them.
std::string NameOf(v1::Flavor flavor);
std::string NameOf(v1::MembarrierMode mode);
std::string NameOf(v1::ReclaimMode mode);
std::string NameOf(v1::ReadSection section);

// Everything in a GetStatus.
std::string StatusText(const v1::GetStatusResponse& status);

// One table a line, below a heading.
std::string TablesText(const google::protobuf::RepeatedPtrField<v1::TableInfo>& tables);

std::string LookupsText(const v1::RunLookupsResponse& response);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_STATUS_TEXT_H_
