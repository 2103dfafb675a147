#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/commands.h"
#include "clients/cli/entry_json.h"
#include "clients/cli/input/file.h"
#include "clients/cli/json.h"
#include "clients/cli/output.h"
#include "clients/cli/session.h"
#include "clients/cli/txn_words.h"

namespace rcukv::cli {
namespace {

using Operation = Txn::Operation;

// Far above any server's limit for a transaction.
constexpr size_t kMaxInputBytes = 256 << 20;

constexpr char kDetails[] =
    R"(Looks at the conditions, and does the operations behind `then` if all of them hold,
else those behind `else`: all at one moment, or nothing of it.

  [if CONDITION...] [then OPERATION...] [else OPERATION...]

  CONDITION  value KEY RELATION VALUE  the value; of a key that does not exist none holds
             mod KEY RELATION N        the revision of the write that set the value;
             create KEY RELATION N     of the one that created the key; 0 for a key that
                                       does not exist
             exists KEY, missing KEY
  RELATION   = != < >, or eq ne lt gt, which a shell leaves alone
  OPERATION  get KEY, put KEY VALUE, del KEY; each key is written once at the most

Behind `if` is at least one condition, behind `then` and `else` an operation. Flags come
before the first of these words: all behind it may begin with dashes.

Without arguments, reads these words from standard input, from any number of lines. There
a word in double quotes may hold white space, and escapes of C; and a line that begins
with # is a comment.

  rcukv txn if value alice = 100 then put alice 90 put bob 60 else get alice
  rcukv txn if missing lock then put lock "$HOSTNAME" else get lock

Prints whether the conditions held, and a line for each operation that was done: get TAB
KEY TAB VALUE, or without the value where there is no such key; put TAB KEY; del TAB KEY
TAB deleted, or TAB missing. The exit code is 1 if they did not hold.
)";

absl::StatusOr<Txn> Read(const Session& session) {
  if (!session.arguments().empty()) return ParseTxn(session.arguments());
  absl::StatusOr<InputFile> input = InputFile::Open("-");
  if (!input.ok()) return input.status();
  const absl::StatusOr<std::string> text = input->ReadAll(kMaxInputBytes);
  if (!text.ok()) return text.status();
  const absl::StatusOr<std::vector<std::string>> words = SplitWords(*text);
  if (!words.ok()) return words.status();
  return ParseTxn(*words);
}

std::string Line(const Operation& operation, const TxnResult::Response& response) {
  const std::string key = "\t" + Printable(operation.key);
  switch (operation.kind) {
    case Operation::Kind::kGet:
      if (!response.entry.has_value()) return "get" + key + "\n";
      return absl::StrCat("get", key, "\t", Printable(response.entry->value), "\n");
    case Operation::Kind::kPut:
      return "put" + key + "\n";
    case Operation::Kind::kDelete:
      return absl::StrCat("del", key, response.existed ? "\tdeleted" : "\tmissing", "\n");
  }
  return "";
}

Json ResponseJson(const Operation& operation, const TxnResult::Response& response) {
  Json object;
  switch (operation.kind) {
    case Operation::Kind::kGet:
      object["get"] = FoundEntryJson(operation.key, response.entry);
      break;
    case Operation::Kind::kPut:
      SetBytes(object["put"], "key", operation.key);
      break;
    case Operation::Kind::kDelete:
      SetBytes(object["del"], "key", operation.key);
      object["del"]["deleted"] = response.existed;
      break;
  }
  return object;
}

void PrintAsText(const std::vector<Operation>& operations, const TxnResult& result) {
  Print(absl::StrCat(result.succeeded ? "succeeded" : "failed", ", revision ",
                     result.revision, "\n"));
  for (size_t i = 0; i < operations.size(); ++i) {
    Print(Line(operations[i], result.responses[i]));
  }
}

void PrintAsJson(const std::vector<Operation>& operations, const TxnResult& result) {
  Json object;
  object["succeeded"] = result.succeeded;
  object["revision"] = result.revision;
  object["responses"] = Json::array();
  for (size_t i = 0; i < operations.size(); ++i) {
    object["responses"].push_back(ResponseJson(operations[i], result.responses[i]));
  }
  PrintJson(object);
}

ExitCode RunTxn(const Session& session) {
  const absl::StatusOr<Txn> txn = Read(session);
  if (!txn.ok()) return Misuse(txn.status());
  const auto client = session.Connect();
  if (!client.ok()) return Fail(client.status());
  const absl::StatusOr<TxnResult> result =
      (*client)->Commit(*txn, {.table = session.table()});
  if (!result.ok()) return Fail(result.status());
  const std::vector<Operation>& operations =
      result->succeeded ? txn->then_operations() : txn->else_operations();
  if (session.json()) {
    PrintAsJson(operations, *result);
  } else {
    PrintAsText(operations, *result);
  }
  return result->succeeded ? ExitCode::kDone : ExitCode::kConditionsFailed;
}

}  // namespace

Command TxnCommand() {
  return {
      .name = "txn",
      .arguments = "[WORD...]",
      .summary = "compare, then do one of two lists of operations, all at once",
      .details = kDetails,
      .max_arguments = Command::kAnyNumber,
      .flags_come_first = true,
      .run = RunTxn,
  };
}

}  // namespace rcukv::cli
