#include "clients/cli/help.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rcukv::cli {
namespace {

constexpr char kExitCodes[] =
    "Exit codes:\n"
    "  0    done\n"
    "  1    key not found (get, del; mget when any is missing); the conditions of a txn "
    "did\n"
    "       not hold\n"
    "  2    wrong usage, bad input data, or a file that cannot be read or written\n"
    "  3    the server cannot be reached, did not answer in time, or shut down "
    "meanwhile\n"
    "  4    the server refused; the message says why\n"
    "  130  interrupted\n";

std::string FlagList(absl::Span<const Flag> flags) {
  std::string list;
  for (const Flag& flag : flags) {
    const std::string name =
        flag.value.empty() ? flag.name : absl::StrCat(flag.name, " ", flag.value);
    absl::StrAppendFormat(&list, "  --%-22s %s\n", name, flag.help);
  }
  return list;
}

}  // namespace

std::string Help(absl::Span<const Command> commands,
                 absl::Span<const Flag> common_flags) {
  std::string help =
      "rcukv: reads and writes the tables of an rcukv server\n"
      "\n"
      "Usage: rcukv [FLAG...] COMMAND [FLAG...] [ARGUMENT...]\n"
      "\n"
      "Commands; `rcukv help COMMAND` tells more:\n";
  for (const Command& command : commands) {
    absl::StrAppendFormat(&help, "  %-15s %s\n", command.name, command.summary);
  }
  absl::StrAppend(&help, "\nFlags of every command:\n", FlagList(common_flags), "\n",
                  kExitCodes);
  return help;
}

std::string HelpOf(const Command& command, absl::Span<const Flag> common_flags) {
  std::string help = absl::StrCat("Usage: rcukv ", command.name, " [FLAG...]",
                                  command.arguments.empty() ? "" : " ", command.arguments,
                                  "\n\n", command.summary, "\n");
  if (!command.details.empty()) absl::StrAppend(&help, "\n", command.details);
  if (!command.flags.empty()) {
    absl::StrAppend(&help, "\nFlags:\n", FlagList(command.flags));
  }
  absl::StrAppend(&help, "\nFlags of every command:\n", FlagList(common_flags), "\n",
                  kExitCodes);
  return help;
}

}  // namespace rcukv::cli
