// The command line of rcukv_server.
//
// The flags are Abseil's; they are read here, not by Abseil's parser, as that one ends
// the process by itself, and with exit code 1 also for --help.
#ifndef RCUKV_SERVER_FLAGS_H_
#define RCUKV_SERVER_FLAGS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/server.h"

namespace rcukv {

// What the command line asks for.
enum class Command { kServe, kHelp, kVersion };

// Sets the flags: --name=value or --name value, and those in --flagfile=PATH, one a line
// ('#' begins a comment line). INVALID_ARGUMENT, in one line: the flag, the value and
// what is allowed; or which of them contradict each other. `arguments` are those after
// the program's name.
absl::StatusOr<Command> ParseFlags(absl::Span<const char* const> arguments);

// What the flags say now.
ServerOptions OptionsFromFlags();

// Every flag, what it means and what it is when not given.
std::string FlagsHelp();

}  // namespace rcukv

#endif  // RCUKV_SERVER_FLAGS_H_
