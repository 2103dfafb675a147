// The commands of rcukv.

#ifndef RCUKV_CLIENTS_CLI_COMMANDS_H_
#define RCUKV_CLIENTS_CLI_COMMANDS_H_

#include <vector>

#include "clients/cli/command.h"

namespace rcukv::cli {

// read_commands.cc
Command GetCommand();
Command MgetCommand();
Command ScanCommand();

// write_commands.cc
Command PutCommand();
Command DelCommand();

// txn_command.cc
Command TxnCommand();

// load_command.cc
Command LoadCommand();

// dump_command.cc
Command DumpCommand();

// restore_command.cc
Command RestoreCommand();

// admin_commands.cc
Command StatusCommand();
Command SetMembarrierCommand();
Command SetReclaimCommand();
Command TableCommand();
Command LookupsCommand();
Command BackupCommand();

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_COMMANDS_H_
