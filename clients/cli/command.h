// What a command of rcukv is: the parser, the help and main() know it by this alone.

#ifndef RCUKV_CLIENTS_CLI_COMMAND_H_
#define RCUKV_CLIENTS_CLI_COMMAND_H_

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "clients/cli/exit_code.h"

namespace rcukv::cli {

class Session;

struct Flag {
  std::string name;
  // What help calls its value. Empty: the flag takes none.
  std::string value;
  std::string help;
};

struct Command {
  static constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

  std::string name;
  // As usage shows them: "KEY VALUE".
  std::string arguments;
  // For the list of commands: one line.
  std::string summary;
  // For the command's own help, below the summary; lines end with "\n".
  std::string details = {};
  std::vector<Flag> flags = {};
  size_t min_arguments = 0;
  size_t max_arguments = 0;
  // The arguments are a language of their own, any word of which may begin with dashes:
  // flags come before the first.
  bool flags_come_first = false;
  ExitCode (*run)(const Session& session) = nullptr;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_COMMAND_H_
