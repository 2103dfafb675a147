#include <unistd.h>

#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/entry_json.h"
#include "clients/cli/input/file.h"
#include "clients/cli/input/line_reader.h"
#include "clients/cli/json.h"
#include "clients/cli/output.h"
#include "clients/cli/session.h"

namespace rcukv::cli {
namespace {

// So few that values of 1 MiB fit into one answer of 64 MiB.
constexpr size_t kKeysInBatch = 50;

constexpr uint32_t kEntriesInPage = 1000;

void ComplainOfMissing(const std::string& key) {
  Complain("key not found: " + Printable(key));
}

ExitCode RunGet(const Session& session) {
  const std::string& key = session.arguments()[0];
  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  const absl::StatusOr<std::optional<Entry>> entry =
      (*client)->GetEntry(key, {.table = session.table()});
  if (!entry.ok()) return Fail(entry.status());
  if (session.json()) PrintJson(FoundEntryJson(key, *entry));
  if (!entry->has_value()) {
    ComplainOfMissing(key);
    return ExitCode::kNotFound;
  }
  if (!session.json()) {
    Print((*entry)->value);
    if (isatty(STDOUT_FILENO)) Print("\n");
  }
  return ExitCode::kDone;
}

// Looks keys up batch by batch and prints them in their order.
class Mget {
 public:
  Mget(const Session& session, const Client& client)
      : session_(session), client_(client) {}

  absl::Status Add(std::string key) {
    batch_.push_back(std::move(key));
    return batch_.size() < kKeysInBatch ? absl::OkStatus() : LookUp();
  }

  absl::Status LookUp() {
    if (batch_.empty()) return absl::OkStatus();
    const auto values = client_.BatchGet(batch_, {.table = session_.table()});
    if (!values.ok()) return values.status();
    for (size_t i = 0; i < batch_.size(); ++i) Report(batch_[i], (*values)[i]);
    batch_.clear();
    return absl::OkStatus();
  }

  bool found_all() const { return found_all_; }

 private:
  void Report(const std::string& key, const std::optional<ValueView>& value) {
    if (!value.has_value()) found_all_ = false;
    if (session_.json()) {
      Json object = FoundJson(key, value.has_value());
      if (value.has_value()) {
        SetBytes(object, "value", value->value);
        object["mod_revision"] = value->mod_revision;
      }
      PrintJson(object);
    } else if (value.has_value()) {
      Print(Printable(key) + "\t" + Printable(value->value) + "\n");
    } else {
      ComplainOfMissing(key);
    }
  }

  const Session& session_;
  const Client& client_;
  std::vector<std::string> batch_;
  bool found_all_ = true;
};

ExitCode AddKeysOfStandardInput(Mget& mget) {
  absl::StatusOr<InputFile> input = InputFile::Open("-");
  if (!input.ok()) return Misuse(input.status());
  LineReader lines(input->name(), input->source());
  while (true) {
    const auto line = lines.Next();
    if (!line.ok()) return Misuse(line.status());
    if (!line->has_value()) return ExitCode::kDone;
    const std::string key(WithoutLineEnd(**line));
    if (key.empty()) continue;
    const absl::Status status = mget.Add(key);
    if (!status.ok()) return Fail(status);
  }
}

ExitCode RunMget(const Session& session) {
  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  Mget mget(session, **client);
  if (session.arguments().empty()) {
    const ExitCode outcome = AddKeysOfStandardInput(mget);
    if (outcome != ExitCode::kDone) return outcome;
  }
  for (const std::string& key : session.arguments()) {
    const absl::Status status = mget.Add(key);
    if (!status.ok()) return Fail(status);
  }
  const absl::Status status = mget.LookUp();
  if (!status.ok()) return Fail(status);
  return mget.found_all() ? ExitCode::kDone : ExitCode::kNotFound;
}

void PrintEntry(const Entry& entry, bool keys_only, bool json) {
  if (json) return PrintJson(EntryJson(entry, keys_only));
  Print(Printable(entry.key));
  if (!keys_only) Print("\t" + Printable(entry.value));
  Print("\n");
}

ExitCode RunScan(const Session& session) {
  const auto given_limit = session.Number("limit", std::numeric_limits<uint64_t>::max());
  if (!given_limit.ok()) return Misuse(given_limit.status());
  const uint64_t limit = given_limit->value_or(std::numeric_limits<uint64_t>::max());
  if (limit == 0) return ExitCode::kDone;
  const bool keys_only = session.Has("keys-only");

  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  Scanner scanner = (*client)->Scan({
      .table = session.table(),
      .prefix = session.Text("prefix").value_or(""),
      .keys_only = keys_only,
      .page_size = static_cast<uint32_t>(std::min<uint64_t>(limit, kEntriesInPage)),
  });
  uint64_t printed = 0;
  while (printed < limit) {
    const Entry* const entry = scanner.Next();
    if (entry == nullptr) break;
    PrintEntry(*entry, keys_only, session.json());
    ++printed;
  }
  return scanner.status().ok() ? ExitCode::kDone : Fail(scanner.status());
}

}  // namespace

Command GetCommand() {
  return {
      .name = "get",
      .arguments = "KEY",
      .summary = "print the value of a key",
      .details =
          "The bytes of the value are written as they are, followed by a line end only\n"
          "on a terminal, so `rcukv get KEY > FILE` is exact.\n",
      .min_arguments = 1,
      .max_arguments = 1,
      .run = RunGet,
  };
}

Command MgetCommand() {
  return {
      .name = "mget",
      .arguments = "[KEY...]",
      .summary = "print many keys with their values",
      .details =
          "Without arguments, reads the keys from standard input, one a line. Prints\n"
          "KEY TAB VALUE, in the order of the keys, with control bytes and backslashes\n"
          "as escapes of C. Keys that do not exist are named on standard error, and\n"
          "make the exit code 1; with --json they are objects with \"found\":false.\n",
      .max_arguments = Command::kAnyNumber,
      .run = RunMget,
  };
}

Command ScanCommand() {
  return {
      .name = "scan",
      .arguments = "",
      .summary = "print the entries of a table, in no particular order",
      .details =
          "Prints KEY TAB VALUE, with control bytes and backslashes as escapes of C.\n"
          "What `scan --json` prints, `load --format jsonl` reads.\n",
      .flags = {{"prefix", "P", "only keys that begin with P"},
                {"limit", "N", "at most N entries"},
                {"keys-only", "", "leave the values out"}},
      .run = RunScan,
  };
}

}  // namespace rcukv::cli
