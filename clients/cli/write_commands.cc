#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/input/file.h"
#include "clients/cli/json.h"
#include "clients/cli/output.h"
#include "clients/cli/session.h"

namespace rcukv::cli {
namespace {

// Far above any server's limit for a value.
constexpr size_t kMaxInputBytes = 256 << 20;

const Flag kIfRevision = {
    "if-revision", "N",
    "only if N is the key's mod_revision; 0: if there is no such key"};

absl::StatusOr<WriteOptions> Options(const Session& session) {
  const auto revision =
      session.Number(kIfRevision.name, std::numeric_limits<uint64_t>::max());
  if (!revision.ok()) return revision.status();
  return WriteOptions{.table = session.table(), .expected_mod_revision = *revision};
}

// The argument, or all of standard input for "-".
absl::StatusOr<std::string> ValueOf(const std::string& argument) {
  if (argument != "-") return argument;
  absl::StatusOr<InputFile> input = InputFile::Open("-");
  if (!input.ok()) return input.status();
  return input->ReadAll(kMaxInputBytes);
}

ExitCode RunPut(const Session& session) {
  const std::string& key = session.arguments()[0];
  const absl::StatusOr<WriteOptions> options = Options(session);
  if (!options.ok()) return Misuse(options.status());
  const absl::StatusOr<std::string> value = ValueOf(session.arguments()[1]);
  if (!value.ok()) return Misuse(value.status());
  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  const absl::StatusOr<uint64_t> revision = (*client)->Put(key, *value, *options);
  if (!revision.ok()) return Fail(revision.status());
  if (session.json()) {
    Json object;
    SetBytes(object, "key", key);
    object["revision"] = *revision;
    PrintJson(object);
  } else {
    Print(absl::StrCat("revision ", *revision, "\n"));
  }
  return ExitCode::kDone;
}

ExitCode RunDel(const Session& session) {
  const std::string& key = session.arguments()[0];
  const absl::StatusOr<WriteOptions> options = Options(session);
  if (!options.ok()) return Misuse(options.status());
  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  const absl::StatusOr<Deleted> deleted = (*client)->Delete(key, *options);
  if (!deleted.ok()) return Fail(deleted.status());
  if (session.json()) {
    Json object;
    SetBytes(object, "key", key);
    object["deleted"] = deleted->existed;
    object["revision"] = deleted->revision;
    PrintJson(object);
  }
  // Revision 0 asks for a key that does not exist.
  if (!deleted->existed && options->expected_mod_revision != 0) {
    Complain("key not found: " + Printable(key));
    return ExitCode::kNotFound;
  }
  if (!session.json()) Print(absl::StrCat("revision ", deleted->revision, "\n"));
  return ExitCode::kDone;
}

}  // namespace

Command PutCommand() {
  return {
      .name = "put",
      .arguments = "KEY VALUE|-",
      .summary = "set the value of a key",
      .details = "With -, the value is all of standard input, byte for byte.\n",
      .flags = {kIfRevision},
      .min_arguments = 2,
      .max_arguments = 2,
      .run = RunPut,
  };
}

Command DelCommand() {
  return {
      .name = "del",
      .arguments = "KEY",
      .summary = "remove a key",
      .flags = {kIfRevision},
      .min_arguments = 1,
      .max_arguments = 1,
      .run = RunDel,
  };
}

}  // namespace rcukv::cli
