// rcukv: the command-line client. Reads the command line, runs one command.

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clients/cli/arguments.h"
#include "clients/cli/command.h"
#include "clients/cli/commands.h"
#include "clients/cli/help.h"
#include "clients/cli/output.h"
#include "clients/cli/session.h"
#include "clients/cli/standard_streams.h"

namespace rcukv::cli {
namespace {

constexpr char kVersion[] = "rcukv 0.1.0\n";

ExitCode RunHelp(const Session& session);

Command HelpCommand() {
  return {
      .name = "help",
      .arguments = "[COMMAND]",
      .summary = "tell about a command",
      .max_arguments = 1,
      .run = RunHelp,
  };
}

const std::vector<Command>& Commands() {
  static const auto& commands = *new std::vector<Command>{
      GetCommand(),           PutCommand(),        DelCommand(),    MgetCommand(),
      TxnCommand(),           ScanCommand(),       LoadCommand(),   DumpCommand(),
      RestoreCommand(),       StatusCommand(),     TableCommand(),  LookupsCommand(),
      SetMembarrierCommand(), SetReclaimCommand(), BackupCommand(), HelpCommand(),
  };
  return commands;
}

ExitCode RunHelp(const Session& session) {
  if (session.arguments().empty()) {
    Print(Help(Commands(), CommonFlags()));
    return ExitCode::kDone;
  }
  for (const Command& command : Commands()) {
    if (command.name != session.arguments()[0]) continue;
    Print(HelpOf(command, CommonFlags()));
    return ExitCode::kDone;
  }
  return Misuse("no command \"" + session.arguments()[0] + "\"; `rcukv help` lists them");
}

ExitCode Run(const std::vector<std::string>& words) {
  absl::StatusOr<Invocation> invocation =
      ParseInvocation(Commands(), CommonFlags(), words);
  if (!invocation.ok()) return Misuse(invocation.status());
  const Command* const command = invocation->command;
  if (invocation->flags.contains("version")) {
    Print(kVersion);
    return ExitCode::kDone;
  }
  if (invocation->flags.contains("help")) {
    Print(command == nullptr ? Help(Commands(), CommonFlags())
                             : HelpOf(*command, CommonFlags()));
    return ExitCode::kDone;
  }
  if (command == nullptr) return Misuse("which command? `rcukv help` lists them");
  const absl::Status counted = CheckArgumentCount(*invocation);
  if (!counted.ok()) return Misuse(counted);
  const absl::StatusOr<Session> session = Session::Start(*std::move(invocation));
  if (!session.ok()) return Misuse(session.status());
  return command->run(*session);
}

}  // namespace
}  // namespace rcukv::cli

int main(int argc, char** argv) {
  using rcukv::cli::ExitCode;
  rcukv::cli::ReserveStandardStreams();
  // `rcukv scan | head` ends without a word, whatever the parent did to the signal.
  std::signal(SIGPIPE, SIG_DFL);
  // Debian's Abseil is a debug build in this one respect, at the cost of each gRPC call.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  ExitCode code = rcukv::cli::Run(std::vector<std::string>(argv + 1, argv + argc));
  const absl::Status flushed = rcukv::cli::Flush();
  if (!flushed.ok()) code = rcukv::cli::Misuse(flushed);
  return static_cast<int>(code);
}
