#include "clients/cli/txn_words.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/output.h"

namespace rcukv::cli {
namespace {

using Relation = TxnCondition::Relation;

std::optional<Relation> RelationOf(std::string_view word) {
  if (word == "=" || word == "==" || word == "eq") return Relation::kEqual;
  if (word == "!=" || word == "ne") return Relation::kNotEqual;
  if (word == "<" || word == "lt") return Relation::kLess;
  if (word == ">" || word == "gt") return Relation::kGreater;
  return std::nullopt;
}

class Parser {
 public:
  explicit Parser(absl::Span<const std::string> words) : words_(words) {}

  absl::StatusOr<Txn> Parse() && {
    absl::Status status;
    if (TakeIf("if")) status = ParseConditions();
    if (status.ok() && TakeIf("then")) status = ParseOperations(kThen);
    if (status.ok() && TakeIf("else")) status = ParseOperations(kElse);
    if (status.ok() && (words_.empty() || !AtEnd())) {
      status = Unexpected("if, then or else, once each and in this order");
    }
    if (!status.ok()) return status;
    return std::move(txn_);
  }

 private:
  // The members of Txn for one of its lists.
  struct List {
    Txn& (Txn::*get)(std::string_view);
    Txn& (Txn::*put)(std::string_view, std::string_view);
    Txn& (Txn::*remove)(std::string_view);
  };
  static constexpr List kThen = {&Txn::ThenGet, &Txn::ThenPut, &Txn::ThenDelete};
  static constexpr List kElse = {&Txn::ElseGet, &Txn::ElsePut, &Txn::ElseDelete};

  bool AtEnd() const { return next_ == words_.size(); }
  bool Is(std::string_view word) const { return !AtEnd() && words_[next_] == word; }
  bool TakeIf(std::string_view word) {
    if (!Is(word)) return false;
    ++next_;
    return true;
  }

  absl::Status Unexpected(const std::string& expected) const {
    return absl::InvalidArgumentError(absl::StrCat(
        "word ", next_ + 1, AtEnd() ? " is missing" : " is " + Printable(words_[next_]),
        ": expected ", expected, "; `rcukv help txn` tells more"));
  }

  // Takes the next word into `word`.
  absl::Status Take(const std::string& what, std::string* word) {
    if (AtEnd()) return Unexpected(what);
    *word = words_[next_++];
    return absl::OkStatus();
  }

  // At least one: or `if $CONDITIONS then ...` would do it, where there are none by
  // mistake. So with the operations.
  absl::Status ParseConditions() {
    absl::Status status = ParseCondition();
    while (status.ok() && !AtEnd() && !Is("then") && !Is("else")) {
      status = ParseCondition();
    }
    return status;
  }

  absl::Status ParseCondition() {
    constexpr std::string_view kSubjects[] = {"value", "mod", "create", "exists",
                                              "missing"};
    if (AtEnd() || std::find(std::begin(kSubjects), std::end(kSubjects), words_[next_]) ==
                       std::end(kSubjects)) {
      return Unexpected(txn_.conditions().empty()
                            ? "value, mod, create, exists or missing"
                            : "value, mod, create, exists, missing, then or else");
    }
    const std::string& subject = words_[next_++];
    TxnCondition condition;
    if (absl::Status status = Take("a key", &condition.key); !status.ok()) return status;
    absl::Status status = ParseTarget(subject, &condition);
    if (status.ok()) txn_.If(std::move(condition));
    return status;
  }

  absl::Status ParseTarget(std::string_view subject, TxnCondition* condition) {
    if (subject == "exists" || subject == "missing") {
      condition->target = TxnCondition::Exists{subject == "exists"};
      return absl::OkStatus();
    }
    const std::optional<Relation> relation =
        AtEnd() ? std::nullopt : RelationOf(words_[next_]);
    if (!relation.has_value()) return Unexpected("=, !=, <, >, eq, ne, lt or gt");
    ++next_;
    condition->relation = *relation;
    if (subject == "value") {
      TxnCondition::Value value;
      absl::Status status = Take("a value", &value.bytes);
      condition->target = std::move(value);
      return status;
    }
    uint64_t revision = 0;
    if (AtEnd() || !absl::SimpleAtoi(words_[next_], &revision)) {
      return Unexpected("a revision, which is a number");
    }
    ++next_;
    if (subject == "mod") {
      condition->target = TxnCondition::ModRevision{revision};
    } else {
      condition->target = TxnCondition::CreateRevision{revision};
    }
    return absl::OkStatus();
  }

  absl::Status ParseOperations(const List& list) {
    absl::Status status = ParseOperation(list, /*is_first=*/true);
    while (status.ok() && !AtEnd() && !Is("else")) {
      status = ParseOperation(list, /*is_first=*/false);
    }
    return status;
  }

  absl::Status ParseOperation(const List& list, bool is_first) {
    if (!Is("get") && !Is("put") && !Is("del")) {
      return Unexpected(is_first ? "get, put or del" : "get, put, del or else");
    }
    const std::string& verb = words_[next_++];
    std::string key;
    if (absl::Status status = Take("a key", &key); !status.ok()) return status;
    if (verb == "get") {
      (txn_.*list.get)(key);
    } else if (verb == "del") {
      (txn_.*list.remove)(key);
    } else {
      std::string value;
      if (absl::Status status = Take("a value", &value); !status.ok()) return status;
      (txn_.*list.put)(key, value);
    }
    return absl::OkStatus();
  }

  const absl::Span<const std::string> words_;
  size_t next_ = 0;
  Txn txn_;
};

constexpr std::string_view kSpace = " \t\r\n\v\f";

// Where the quote is that ends a word which begins at `begin` with one.
size_t EndOfQuoted(std::string_view text, size_t begin) {
  for (size_t at = begin + 1; at < text.size(); ++at) {
    if (text[at] == '"') return at;
    if (text[at] == '\\') ++at;
  }
  return std::string_view::npos;
}

bool IsFirstOfLine(std::string_view text, size_t at) {
  const size_t before = text.rfind('\n', at);
  const size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return text.find_first_not_of(kSpace, begin) == at;
}

absl::Status ErrorAt(std::string_view text, size_t at, const std::string& what) {
  const auto line = 1 + std::count(text.begin(), text.begin() + at, '\n');
  return absl::InvalidArgumentError(absl::StrCat("standard input:", line, ": ", what));
}

}  // namespace

absl::StatusOr<Txn> ParseTxn(absl::Span<const std::string> words) {
  return Parser(words).Parse();
}

absl::StatusOr<std::vector<std::string>> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  size_t at = 0;
  while ((at = text.find_first_not_of(kSpace, at)) != std::string_view::npos) {
    if (text[at] == '#' && IsFirstOfLine(text, at)) {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (text[at] != '"') {
      const size_t end = std::min(text.find_first_of(kSpace, at), text.size());
      words.emplace_back(text.substr(at, end - at));
      at = end;
      continue;
    }
    const size_t quote = EndOfQuoted(text, at);
    if (quote == std::string_view::npos) {
      return ErrorAt(text, at, "a double quote that is not closed");
    }
    std::string error;
    std::string word;
    if (!absl::CUnescape({text.data() + at + 1, quote - at - 1}, &word, &error)) {
      return ErrorAt(text, at, error);
    }
    at = quote + 1;
    if (at < text.size() && kSpace.find(text[at]) == std::string_view::npos) {
      return ErrorAt(text, at, "no white space behind a closing double quote");
    }
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace rcukv::cli
