#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "clients/cli/commands.h"
#include "clients/cli/format.h"
#include "clients/cli/input/file.h"
#include "clients/cli/input/line_reader.h"
#include "clients/cli/input/record_reader.h"
#include "clients/cli/json.h"
#include "clients/cli/loader.h"
#include "clients/cli/output.h"
#include "clients/cli/progress.h"
#include "clients/cli/session.h"
#include "clients/cpp/bulk_writer.h"

namespace rcukv::cli {
namespace {

std::string FormatOf(const Session& session, const std::string& path) {
  if (const auto format = session.Text("format")) return *format;
  return path.ends_with(".jsonl") || path.ends_with(".ndjson") ? "jsonl" : "tsv";
}

void Report(const Session& session, const LoadResult& result, const BulkWriter& writer,
            absl::Duration elapsed) {
  const double seconds = absl::ToDoubleSeconds(elapsed);
  if (session.json()) {
    PrintJson({{"loaded", writer.written()},
               {"bytes", writer.written_bytes()},
               {"seconds", seconds},
               {"skipped", result.skipped},
               {"duplicates", result.duplicates}});
    return;
  }
  std::string text = absl::StrCat("loaded ", Count(writer.written(), "entry", "entries"));
  if (result.met_bad_record) text += " before it; --skip-bad would go on behind it";
  absl::StrAppend(&text, ": ", WithCommas(writer.written_bytes()), " bytes in ",
                  Nanoseconds(static_cast<uint64_t>(absl::ToInt64Nanoseconds(elapsed))),
                  ", ",
                  WithCommas(static_cast<uint64_t>(static_cast<double>(writer.written()) /
                                                   std::max(seconds, 1e-9))),
                  " entries/s");
  if (result.duplicates > 0) {
    absl::StrAppend(&text, "; ",
                    Count(result.duplicates, "duplicate key", "duplicate keys"),
                    ", the last of each was kept");
  }
  if (result.skipped > 0) {
    absl::StrAppend(&text, "; skipped ",
                    Count(result.skipped, "bad entry", "bad entries"));
  }
  Print(text + "\n");
}

ExitCode RunLoad(const Session& session) {
  const std::string path = session.arguments().empty() ? "-" : session.arguments()[0];
  const std::string format = FormatOf(session, path);
  EndReadsOnInterrupt();
  const absl::StatusOr<InputFile> file = InputFile::Open(path);
  if (!file.ok()) return Misuse(file.status());
  LineReader lines(file->name(), file->source());
  const std::unique_ptr<RecordReader> reader = NewRecordReader(format, lines);
  if (reader == nullptr) {
    return Misuse(absl::StrCat("--format ", format, ": not one of tsv, jsonl, deb"));
  }

  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  BulkWriter writer(**client, {.table = session.table()});
  Progress progress(file->size_bytes());
  Loader loader(
      lines, writer, progress,
      {.skip_bad = session.Has("skip-bad"), .count_duplicates = format == "deb"});
  const LoadResult result = loader.Load(*reader);
  progress.Wipe();
  Report(session, result, writer, progress.elapsed());
  return result.outcome;
}

}  // namespace

Command LoadCommand() {
  return {
      .name = "load",
      .arguments = "[FILE|-]",
      .summary = "put all entries of a file",
      .details =
          "Reads standard input without FILE or with -. Formats:\n"
          "  tsv    KEY TAB VALUE, one a line; no escapes, further TABs belong to the "
          "value\n"
          "  jsonl  {\"key\":\"...\",\"value\":\"...\"}, one a line; key_base64 and "
          "value_base64 for\n"
          "         bytes that are not UTF-8; other members are ignored\n"
          "  deb    a Debian package index, as `apt-cache dumpavail` prints it: the key "
          "is the\n"
          "         Package field, the value is the stanza; of equal packages the last "
          "counts\n"
          "\n"
          "Stops at the first bad entry, names its line, and says how many entries were "
          "loaded\n"
          "before it; nothing behind it is loaded. Ctrl-C stops cleanly.\n",
      .flags = {{"format", "tsv|jsonl|deb", "default: jsonl for *.jsonl, otherwise tsv"},
                {"skip-bad", "", "count bad entries and go on behind them"}},
      .max_arguments = 1,
      .run = RunLoad,
  };
}

}  // namespace rcukv::cli
