// The help of rcukv.

#ifndef RCUKV_CLIENTS_CLI_HELP_H_
#define RCUKV_CLIENTS_CLI_HELP_H_

#include <string>

#include "absl/types/span.h"
#include "clients/cli/command.h"

namespace rcukv::cli {

// What rcukv is, its commands and the flags common to them.
std::string Help(absl::Span<const Command> commands, absl::Span<const Flag> common_flags);

// All about one command.
std::string HelpOf(const Command& command, absl::Span<const Flag> common_flags);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_HELP_H_
