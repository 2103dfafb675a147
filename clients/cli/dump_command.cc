#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "clients/cli/dump/binary_dump.h"
#include "clients/cli/dump/dump_piece.h"
#include "clients/cli/dump/dump_writer.h"
#include "clients/cli/dump/json_dump.h"
#include "clients/cli/format.h"
#include "clients/cli/input/file.h"
#include "clients/cli/json.h"
#include "clients/cli/output.h"
#include "clients/cli/output_file.h"
#include "clients/cli/progress.h"
#include "clients/cli/session.h"

namespace rcukv::cli {
namespace {

constexpr char kDefaultTable[] = "default";
constexpr char kStandardOutput[] = "-";

// How a dump ended, which was complained of where it is an error.
struct Outcome {
  ExitCode code = ExitCode::kDone;
  uint64_t first_revision = 0;
  uint64_t last_revision = 0;
};

absl::StatusOr<DumpEncoder> EncoderOf(const Session& session, const std::string& path) {
  const bool is_text = path == kStandardOutput || path.ends_with(".jsonl");
  const std::string format =
      session.Text("format").value_or(is_text ? "jsonl" : "binary");
  if (format == "jsonl") return DumpEncoder(EncodeJsonDump);
  if (format != "binary") {
    return absl::InvalidArgumentError(
        absl::StrCat("--format ", format, ": not one of jsonl, binary"));
  }
  if (path == kStandardOutput && isatty(STDOUT_FILENO) == 1) {
    return absl::InvalidArgumentError("a binary dump is nothing for a terminal");
  }
  return DumpEncoder(EncodeBinaryDump);
}

absl::StatusOr<std::vector<std::string>> TablesOf(const Session& session) {
  if (!session.Has("all")) {
    return std::vector<std::string>{session.table().empty() ? kDefaultTable
                                                            : session.table()};
  }
  const auto admin = session.ConnectAdmin();
  if (!admin.ok()) return admin.status();
  const auto response = (*admin)->ListTables();
  if (!response.ok()) return response.status();
  std::vector<std::string> tables;
  for (const v1::TableInfo& table : response->tables()) tables.push_back(table.name());
  return tables;
}

// A transaction that does nothing: all that has a revision up to its own is published,
// and nothing else. (What a Scan answers may be below what its page shows.)
absl::StatusOr<uint64_t> Revision(const Client& client, const std::string& table) {
  const absl::StatusOr<TxnResult> nothing = client.Commit(Txn(), {.table = table});
  if (!nothing.ok()) return nothing.status();
  return nothing->revision;
}

// Writes all entries of the tables. Each step complains itself where it fails.
class Dump {
 public:
  Dump(const Client& client, std::vector<std::string> tables, DumpWriter& writer,
       Progress& progress)
      : client_(client),
        tables_(std::move(tables)),
        writer_(writer),
        progress_(progress) {}

  Outcome Run() {
    outcome_.first_revision = ReadRevision();
    if (Goes()) {
      Wrote(writer_.Start({.revision = outcome_.first_revision, .tables = tables_}));
    }
    for (const std::string& table : tables_) WriteTable(table);
    outcome_.last_revision = ReadRevision();
    if (Goes()) Wrote(writer_.Finish(outcome_.last_revision));
    return outcome_;
  }

 private:
  bool Goes() const { return outcome_.code == ExitCode::kDone; }

  uint64_t ReadRevision() {
    if (!Goes()) return 0;
    const absl::StatusOr<uint64_t> revision = Revision(client_, tables_.front());
    if (!revision.ok()) Refused(revision.status());
    return revision.value_or(0);
  }

  void WriteTable(const std::string& table) {
    if (!Goes()) return;
    Scanner scanner = client_.Scan({.table = table});
    while (const Entry* const entry = scanner.Next()) {
      Wrote(writer_.Add(table, *entry));
      if (!Goes()) return;
      progress_.Update(writer_.entries(), writer_.bytes());
    }
    if (!scanner.status().ok()) Refused(scanner.status());
  }

  void Wrote(const absl::Status& status) {
    if (status.ok()) return;
    progress_.Wipe();
    const ExitCode code = Misuse(status);
    outcome_.code = absl::IsCancelled(status) ? ExitCode::kInterrupted : code;
  }
  void Refused(const absl::Status& status) {
    progress_.Wipe();
    outcome_.code = Fail(status);
  }

  const Client& client_;
  const std::vector<std::string> tables_;
  DumpWriter& writer_;
  Progress& progress_;
  Outcome outcome_;
};

std::string ReportText(const DumpWriter& writer, const Outcome& outcome,
                       absl::Duration elapsed) {
  const double seconds = std::max(absl::ToDoubleSeconds(elapsed), 1e-9);
  const bool is_snapshot = outcome.first_revision == outcome.last_revision;
  return absl::StrCat(
      "dumped ", Count(writer.entries(), "entry", "entries"), ", ",
      is_snapshot ? absl::StrCat("all at revision ", outcome.first_revision)
                  : absl::StrCat("read from revision ", outcome.first_revision, " to ",
                                 outcome.last_revision, ", not at one moment"),
      ": ", WithCommas(writer.bytes()), " bytes in ",
      Nanoseconds(static_cast<uint64_t>(absl::ToInt64Nanoseconds(elapsed))), ", ",
      WithCommas(static_cast<uint64_t>(static_cast<double>(writer.entries()) / seconds)),
      " entries/s\n");
}

Json ReportJson(const DumpWriter& writer, const Outcome& outcome,
                absl::Duration elapsed) {
  return {{"dumped", writer.entries()},
          {"bytes", writer.bytes()},
          {"first_revision", outcome.first_revision},
          {"last_revision", outcome.last_revision},
          {"seconds", absl::ToDoubleSeconds(elapsed)}};
}

ExitCode RunDump(const Session& session) {
  const std::string& path = session.arguments()[0];
  const absl::StatusOr<DumpEncoder> encode = EncoderOf(session, path);
  if (!encode.ok()) return Misuse(encode.status());
  if (session.Has("all") && session.Has("table")) {
    return Misuse("--all and --table: one of them");
  }
  EndReadsOnInterrupt();
  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  absl::StatusOr<std::vector<std::string>> tables = TablesOf(session);
  if (!tables.ok()) return Fail(tables.status());
  absl::StatusOr<OutputFile> file = OutputFile::Create(path, session.Has("force"));
  if (!file.ok()) return Misuse(file.status());

  DumpWriter writer(*encode, [&](std::string_view bytes) {
    return WasInterrupted() ? absl::CancelledError("interrupted") : file->Write(bytes);
  });
  Progress progress(std::nullopt);
  const Outcome outcome = Dump(**client, *std::move(tables), writer, progress).Run();
  progress.Wipe();
  if (outcome.code != ExitCode::kDone) return outcome.code;
  if (absl::Status status = file->Finish(); !status.ok()) return Misuse(status);
  if (path == kStandardOutput) {
    std::fputs(ReportText(writer, outcome, progress.elapsed()).c_str(), stderr);
  } else if (session.json()) {
    PrintJson(ReportJson(writer, outcome, progress.elapsed()));
  } else {
    Print(ReportText(writer, outcome, progress.elapsed()));
  }
  return ExitCode::kDone;
}

}  // namespace

Command DumpCommand() {
  return {
      .name = "dump",
      .arguments = "FILE|-",
      .summary = "write a table, or all, to a file that `restore` reads",
      .details =
          "Formats, both with checksums by which restore finds damage, and its place:\n"
          "  binary  compact\n"
          "  jsonl   an entry a line, as `scan --json` prints it; the lines between "
          "them\n"
          "          belong to the format\n"
          "\n"
          "FILE is there when all of it is written, or not at all. The server goes on "
          "writing\n"
          "meanwhile: a key that exists throughout is in the file exactly once, with a "
          "value\n"
          "that it had meanwhile; one that is put or deleted may be or not. Where "
          "nothing "
          "was\n"
          "written, the file shows its tables at one revision, and the report says so.\n",
      .flags = {{"all", "", "every table; they are in one file"},
                {"format", "jsonl|binary",
                 "default: jsonl for *.jsonl and -, otherwise binary"},
                {"force", "", "overwrite FILE"}},
      .min_arguments = 1,
      .max_arguments = 1,
      .run = RunDump,
  };
}

}  // namespace rcukv::cli
