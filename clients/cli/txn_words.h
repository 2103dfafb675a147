// The language in which `rcukv txn` is told a transaction:
//
//   [if CONDITION...] [then OPERATION...] [else OPERATION...], each with one at least
//
//   CONDITION  value KEY RELATION VALUE   mod KEY RELATION N   create KEY RELATION N
//              exists KEY   missing KEY
//   RELATION   =  !=  <  >, or eq  ne  lt  gt, which a shell leaves alone
//   OPERATION  get KEY   put KEY VALUE   del KEY
//
// Each word has its place, so that keys and values may be any: `if`, `then` and `get` are
// such only where one can stand.
//
// Thread safety: functions of their arguments alone.

#ifndef RCUKV_CLIENTS_CLI_TXN_WORDS_H_
#define RCUKV_CLIENTS_CLI_TXN_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clients/cpp/txn.h"

namespace rcukv::cli {

// INVALID_ARGUMENT names the word, counted from 1, and what was expected in its place.
absl::StatusOr<Txn> ParseTxn(absl::Span<const std::string> words);

// The words of a text, between white space. One that begins with a double quote goes on
// to the next, may hold white space, and has the escapes of C: "two words\n". A line
// whose first word begins with # is a comment. INVALID_ARGUMENT names the line.
absl::StatusOr<std::vector<std::string>> SplitWords(std::string_view text);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_TXN_WORDS_H_
