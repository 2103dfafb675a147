#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "clients/cli/json.h"
#include "clients/cli/output.h"
#include "clients/cli/session.h"
#include "clients/cli/status_text.h"

namespace rcukv::cli {
namespace {

void PrintMessage(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // Fails only for messages with Any or Timestamp.
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  Print(status.ok() ? json + "\n" : "{}\n");
}

// What most commands end with: the answer as JSON or as text, or the error.
template <typename Response, typename ToText>
ExitCode PrintAnswer(const Session& session, const absl::StatusOr<Response>& response,
                     ToText to_text) {
  if (!response.ok()) return Fail(response.status());
  if (session.json()) {
    PrintMessage(*response);
  } else {
    Print(to_text(*response));
  }
  return ExitCode::kDone;
}

// The enumerator of a word as people write it: "non-expedited" is NON_EXPEDITED.
std::string EnumeratorName(std::string word) {
  std::replace(word.begin(), word.end(), '-', '_');
  return absl::AsciiStrToUpper(word);
}

ExitCode RunStatus(const Session& session) {
  const auto admin = session.ConnectAdmin();
  if (!admin.ok()) return Fail(admin.status());
  return PrintAnswer(session, (*admin)->GetStatus(), StatusText);
}

ExitCode RunSetMembarrier(const Session& session) {
  const std::string& word = session.arguments()[0];
  v1::MembarrierMode mode = v1::MEMBARRIER_MODE_UNSPECIFIED;
  v1::MembarrierMode_Parse(EnumeratorName(word), &mode);
  if (mode == v1::MEMBARRIER_MODE_UNSPECIFIED) {
    return Misuse(absl::StrCat(
        "\"", word,
        "\" is not one of expedited, non-expedited, global-expedited, adaptive"));
  }
  const auto admin = session.ConnectAdmin();
  if (!admin.ok()) return Fail(admin.status());
  v1::UpdateReclamationRequest request;
  request.set_membarrier_mode(mode);
  return PrintAnswer(
      session, (*admin)->UpdateReclamation(request), [mode](const auto& before) {
        return absl::StrCat("membarrier: ", NameOf(mode),
                            "; before: ", NameOf(before.previous_membarrier_mode()),
                            "\n");
      });
}

ExitCode RunSetReclaim(const Session& session) {
  const std::string& word = session.arguments()[0];
  v1::ReclaimMode mode = v1::RECLAIM_MODE_UNSPECIFIED;
  v1::ReclaimMode_Parse(EnumeratorName(word), &mode);
  if (mode == v1::RECLAIM_MODE_UNSPECIFIED) {
    return Misuse(absl::StrCat("\"", word, "\" is not one of call_rcu, synchronize"));
  }
  const auto admin = session.ConnectAdmin();
  if (!admin.ok()) return Fail(admin.status());
  v1::UpdateReclamationRequest request;
  request.set_reclaim_mode(mode);
  return PrintAnswer(
      session, (*admin)->UpdateReclamation(request), [mode](const auto& before) {
        return absl::StrCat("reclaim: ", NameOf(mode),
                            "; before: ", NameOf(before.previous_reclaim_mode()), "\n");
      });
}

ExitCode ListTables(const Session& session, const AdminClient& admin) {
  return PrintAnswer(session, admin.ListTables(),
                     [](const auto& response) { return TablesText(response.tables()); });
}

ExitCode CreateTable(const Session& session, const AdminClient& admin) {
  const std::string& name = session.arguments()[1];
  const absl::Status status = admin.CreateTable(name);
  if (!status.ok()) return Fail(status);
  Print(session.json() ? "{}\n" : absl::StrCat("created table ", Printable(name), "\n"));
  return ExitCode::kDone;
}

ExitCode DeleteTable(const Session& session, const AdminClient& admin) {
  const std::string& name = session.arguments()[1];
  const absl::StatusOr<uint64_t> entries = admin.DeleteTable(name);
  if (!entries.ok()) return Fail(entries.status());
  Print(session.json() ? absl::StrCat("{\"entries\":\"", *entries, "\"}\n")
                       : absl::StrCat("deleted table ", Printable(name), " with ",
                                      Count(*entries, "entry", "entries"), "\n"));
  return ExitCode::kDone;
}

ExitCode RunTable(const Session& session) {
  const std::string& action = session.arguments()[0];
  const bool names_table = session.arguments().size() == 2;
  const auto run = action == "list" && !names_table    ? ListTables
                   : action == "create" && names_table ? CreateTable
                   : action == "delete" && names_table ? DeleteTable
                                                       : nullptr;
  if (run == nullptr) {
    return Misuse("usage: rcukv table list | table create NAME | table delete NAME");
  }
  if (names_table) {
    const absl::Status status = CheckTableName(session.arguments()[1]);
    if (!status.ok()) return Misuse(status);
  }
  const auto admin = session.ConnectAdmin();
  if (!admin.ok()) return Fail(admin.status());
  return run(session, **admin);
}

ExitCode RunBackup(const Session& session) {
  const std::string& directory = session.arguments()[0];
  if (!IsUtf8(directory)) {
    return Misuse(absl::StrCat("the name of the directory, ", Printable(directory),
                               ", is not UTF-8"));
  }
  const auto admin = session.ConnectAdmin();
  if (!admin.ok()) return Fail(admin.status());
  const auto response =
      (*admin)->Backup(directory, session.timeout().value_or(absl::InfiniteDuration()));
  return PrintAnswer(session, response, [](const auto& backup) {
    return absl::StrCat("backed up to ", Printable(backup.path()), ": ",
                        Count(backup.entries(), "entry", "entries"), " at revision ",
                        backup.revision(), ", ", Bytes(backup.bytes()), "\n");
  });
}

absl::StatusOr<uint32_t> DurationMs(const Session& session) {
  const std::optional<std::string> text = session.Text("seconds");
  if (!text.has_value()) return 1000;
  double seconds = 0;
  if (!absl::SimpleAtod(*text, &seconds) || !(seconds >= 0.001 && seconds <= 60)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--seconds ", *text, ": not a number from 0.001 to 60"));
  }
  return static_cast<uint32_t>(seconds * 1000 + 0.5);
}

absl::StatusOr<v1::RunLookupsRequest> LookupsRequest(const Session& session) {
  v1::RunLookupsRequest request;
  request.set_table(session.table());
  const absl::StatusOr<uint32_t> duration_ms = DurationMs(session);
  if (!duration_ms.ok()) return duration_ms.status();
  request.set_duration_ms(*duration_ms);
  const struct {
    const char* flag;
    void (v1::RunLookupsRequest::*set)(uint32_t);
  } numbers[] = {
      {"threads", &v1::RunLookupsRequest::set_threads},
      {"batch", &v1::RunLookupsRequest::set_batch_size},
      {"sections-per-key", &v1::RunLookupsRequest::set_sections_per_key},
      {"distinct-keys", &v1::RunLookupsRequest::set_distinct_keys},
  };
  for (const auto& [flag, set] : numbers) {
    // The server knows the limits.
    const auto number = session.Number(flag, std::numeric_limits<uint32_t>::max());
    if (!number.ok()) return number.status();
    (request.*set)(static_cast<uint32_t>(number->value_or(0)));
  }
  return request;
}

ExitCode RunLookups(const Session& session) {
  const absl::StatusOr<v1::RunLookupsRequest> request = LookupsRequest(session);
  if (!request.ok()) return Misuse(request.status());
  const auto admin = session.ConnectAdmin();
  if (!admin.ok()) return Fail(admin.status());
  const absl::Duration asked = absl::Milliseconds(request->duration_ms());
  const auto response = (*admin)->RunLookups(*request);
  const ExitCode printed = PrintAnswer(session, response, [asked](const auto& lookups) {
    return LookupsText(lookups, asked);
  });
  if (response.ok() && WasCutShort(*response, asked)) return ExitCode::kUnreachable;
  return printed;
}

}  // namespace

Command StatusCommand() {
  return {
      .name = "status",
      .arguments = "",
      .summary = "tell how the server does: readers, grace periods, backlog, tables",
      .details =
          "With --json, the fields of GetStatusResponse in rcukv/v1/admin.proto; "
          "numbers\n"
          "of 64 bits stand as strings, as the JSON of protobuf has it.\n",
      .run = RunStatus,
  };
}

Command SetMembarrierCommand() {
  return {
      .name = "set-membarrier",
      .arguments = "MODE",
      .summary = "choose how grace periods call membarrier, at once",
      .details =
          "MODE is expedited, non-expedited, global-expedited or adaptive, as far as "
          "the\n"
          "server's flavor has it. Prints what was set before.\n",
      .min_arguments = 1,
      .max_arguments = 1,
      .run = RunSetMembarrier,
  };
}

Command SetReclaimCommand() {
  return {
      .name = "set-reclaim",
      .arguments = "MODE",
      .summary = "choose how replaced entries are reclaimed, at once",
      .details =
          "MODE is call_rcu (in the background) or synchronize (before the write is\n"
          "answered). Prints what was set before.\n",
      .min_arguments = 1,
      .max_arguments = 1,
      .run = RunSetReclaim,
  };
}

Command TableCommand() {
  return {
      .name = "table",
      .arguments = "list | create NAME | delete NAME",
      .summary = "list, create or delete tables",
      .details = "Deleting a table deletes all that is in it.\n",
      .min_arguments = 1,
      .max_arguments = 2,
      .run = RunTable,
  };
}

Command BackupCommand() {
  return {
      .name = "backup",
      .arguments = "DIR",
      .summary = "copy what the server stores to a directory of the server's",
      .details =
          "DIR, which does not exist yet, is on the server: an absolute path, or with "
          "its\n"
          "--backup_dir one that is relative to that. The server goes on meanwhile. A "
          "server\n"
          "started with --data_dir=DIR has all that was stored when this was called, and "
          "what\n"
          "was written up to some moment before it ended. `dump` writes a file, here.\n",
      .min_arguments = 1,
      .max_arguments = 1,
      .run = RunBackup,
  };
}

Command LookupsCommand() {
  return {
      .name = "lookups",
      .arguments = "",
      .summary = "look keys up inside the server: the cost of a read without the network",
      .details =
          "A server that shuts down meanwhile cuts them short: what was measured until "
          "then\n"
          "is printed all the same, and the exit code is 3.\n",
      .flags = {{"threads", "N", "threads that look up; default: the server's cores"},
                {"seconds", "S", "for how long, 0.001 to 60; default 1"},
                {"batch", "N", "keys in a round; default 128"},
                {"sections-per-key", "N",
                 "read-side sections for each key; default 0: one a round"},
                {"distinct-keys", "N", "draw from so many keys; default 100,000"}},
      .run = RunLookups,
  };
}

}  // namespace rcukv::cli
