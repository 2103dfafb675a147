#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "clients/cli/dump/dump_piece.h"
#include "clients/cli/dump/dump_reader.h"
#include "clients/cli/format.h"
#include "clients/cli/input/file.h"
#include "clients/cli/json.h"
#include "clients/cli/output.h"
#include "clients/cli/progress.h"
#include "clients/cli/restorer.h"
#include "clients/cli/session.h"

namespace rcukv::cli {
namespace {

ExitCode CannotRead(const absl::Status& status) {
  if (!absl::IsCancelled(status)) return Misuse(status);
  Complain("interrupted");
  return ExitCode::kInterrupted;
}

// Reads all of the dump, which this program must be able to write.
absl::Status Check(const InputFile& file) {
  Progress progress(file.size_bytes());
  auto reader = DumpReader::Open(file.name(), file.source());
  if (!reader.ok()) return reader.status();
  uint64_t entries = 0;
  while (true) {
    const absl::StatusOr<std::optional<DumpBlock>> block = reader->Next();
    if (!block.ok()) return block.status();
    if (!block->has_value()) return absl::OkStatus();
    if (absl::Status status = CheckRestorable(**block); !status.ok()) return status;
    entries += (*block)->entries.size();
    progress.Update(entries, reader->bytes_read());
  }
}

// What can be read twice is read once before anything is written.
absl::Status CheckFirst(const std::string& path) {
  const absl::StatusOr<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return file.status();
  if (path == "-" || !file->size_bytes().has_value()) return absl::OkStatus();
  return Check(*file);
}

// Writes what is left in the reader. What went wrong has been complained of.
ExitCode WriteAll(DumpReader& reader, Restorer& restorer, Progress& progress) {
  uint64_t entries = 0;
  while (true) {
    const absl::StatusOr<std::optional<DumpBlock>> block = reader.Next();
    absl::Status status = block.status();
    if (status.ok() && !block->has_value()) return ExitCode::kDone;
    if (status.ok()) status = CheckRestorable(**block);
    if (!status.ok()) {
      progress.Wipe();
      return CannotRead(status);
    }
    status = restorer.Write(**block);
    if (!status.ok()) {
      progress.Wipe();
      return Fail(status);
    }
    entries += (*block)->entries.size();
    progress.Update(entries, reader.bytes_read());
  }
}

void Report(const Session& session, const Restorer& restorer, ExitCode outcome,
            absl::Duration elapsed) {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  const uint64_t written = restorer.written();
  const bool is_whole = outcome == ExitCode::kDone;
  if (session.json()) {
    PrintJson({{"restored", written},
               {"bytes", restorer.written_bytes()},
               {"seconds", seconds},
               {"whole", is_whole}});
    return;
  }
  const auto rate =
      static_cast<uint64_t>(static_cast<double>(written) / std::max(seconds, 1e-9));
  Print(absl::StrCat(
      "restored ", Count(written, "entry", "entries"),
      is_whole ? "" : " before it; once it is mended, --merge goes over them again", ": ",
      WithCommas(restorer.written_bytes()), " bytes in ",
      Nanoseconds(static_cast<uint64_t>(absl::ToInt64Nanoseconds(elapsed))), ", ",
      WithCommas(rate), " entries/s\n"));
}

ExitCode RunRestore(const Session& session) {
  const std::string& path = session.arguments()[0];
  EndReadsOnInterrupt();
  if (absl::Status status = CheckFirst(path); !status.ok()) return CannotRead(status);
  const absl::StatusOr<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return Misuse(file.status());
  absl::StatusOr<DumpReader> reader = DumpReader::Open(file->name(), file->source());
  if (!reader.ok()) return CannotRead(reader.status());

  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  std::unique_ptr<AdminClient> admin;
  if (session.Has("create")) {
    auto connected = session.ConnectAdmin();
    if (!connected.ok()) return Fail(connected.status());
    admin = *std::move(connected);
  }
  Restorer restorer(**client, {.table = session.table(), .merge = session.Has("merge")});
  const absl::Status prepared = restorer.Prepare(reader->header(), admin.get());
  if (absl::IsInvalidArgument(prepared)) return Misuse(prepared);
  if (!prepared.ok()) return Fail(prepared);

  Progress progress(file->size_bytes());
  ExitCode outcome = WriteAll(*reader, restorer, progress);
  const absl::Status finished = restorer.Finish();
  progress.Wipe();
  if (outcome == ExitCode::kDone && !finished.ok()) outcome = Fail(finished);
  Report(session, restorer, outcome, progress.elapsed());
  return outcome;
}

}  // namespace

Command RestoreCommand() {
  return {
      .name = "restore",
      .arguments = "FILE|-",
      .summary = "put all entries of a file that `dump` wrote",
      .details =
          "The tables are those of the dump; with --table its one table goes to NAME. "
          "They\n"
          "must be there, and be empty. Entries get new revisions.\n"
          "\n"
          "A file that is damaged or cut short is refused, with the place, before "
          "anything "
          "is\n"
          "written; what comes through a pipe is checked block by block, and the first "
          "bad one\n"
          "ends it. A restore that was ended can be repeated with --merge.\n",
      .flags = {{"create", "", "make the tables that are not there"},
                {"merge", "",
                 "write to tables that have entries: equal keys are replaced, others "
                 "stay"}},
      .min_arguments = 1,
      .max_arguments = 1,
      .run = RunRestore,
  };
}

}  // namespace rcukv::cli
