// Reads a command line: `rcukv [FLAG...] COMMAND [ARGUMENT...]`, where flags may stand
// anywhere up to a "--", or up to the first argument of a command whose flags come first.
// A flag is --name, --name VALUE or --name=VALUE.

#ifndef RCUKV_CLIENTS_CLI_ARGUMENTS_H_
#define RCUKV_CLIENTS_CLI_ARGUMENTS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clients/cli/command.h"

namespace rcukv::cli {

struct Invocation {
  // nullptr when the line names none, as in `rcukv --version`.
  const Command* command = nullptr;
  std::vector<std::string> arguments;
  // By name; the last one counts. The value of a flag that takes none is empty.
  std::map<std::string, std::string> flags;
};

// INVALID_ARGUMENT, saying what is wrong, unless the command and its flags are known.
// `words` are those behind the program's name. The number of arguments is not looked at.
absl::StatusOr<Invocation> ParseInvocation(absl::Span<const Command> commands,
                                           absl::Span<const Flag> common_flags,
                                           absl::Span<const std::string> words);

// Whether the command takes as many arguments as were given.
absl::Status CheckArgumentCount(const Invocation& invocation);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_ARGUMENTS_H_
