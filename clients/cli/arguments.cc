#include "clients/cli/arguments.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rcukv::cli {
namespace {

const Flag* FindFlag(absl::Span<const Flag> flags, const std::string& name) {
  for (const Flag& flag : flags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

const Command* FindCommand(absl::Span<const Command> commands, const std::string& name) {
  for (const Command& command : commands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

class Parser {
 public:
  Parser(absl::Span<const Command> commands, absl::Span<const Flag> common_flags,
         absl::Span<const std::string> words)
      : commands_(commands), common_flags_(common_flags), words_(words) {}

  absl::StatusOr<Invocation> Parse() && {
    while (!words_.empty()) {
      const std::string& word = TakeWord();
      absl::Status status;
      if (!flags_ended_ && word == "--") {
        flags_ended_ = true;
      } else if (!flags_ended_ && word.size() > 1 && word[0] == '-') {
        status = AddFlag(word == "-h" ? "--help" : word);
      } else {
        status = AddArgument(word);
      }
      if (!status.ok()) return status;
    }
    const absl::Status status = CheckFlags();
    if (!status.ok()) return status;
    return std::move(invocation_);
  }

 private:
  const std::string& TakeWord() {
    const std::string& word = words_.front();
    words_.remove_prefix(1);
    return word;
  }

  absl::Status AddArgument(const std::string& word) {
    if (invocation_.command != nullptr) {
      invocation_.arguments.push_back(word);
      if (invocation_.command->flags_come_first) flags_ended_ = true;
      return absl::OkStatus();
    }
    invocation_.command = FindCommand(commands_, word);
    if (invocation_.command != nullptr) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("no command \"", word, "\"; `rcukv help` lists them"));
  }

  absl::Status AddFlag(const std::string& word) {
    const size_t equals = word.find('=');
    const std::string name =
        word.starts_with("--") ? word.substr(2, equals - 2) : std::string();
    const Flag* const flag = FindAnyFlag(name);
    if (flag == nullptr) return Unknown(word.substr(0, equals));
    std::string value;
    if (flag->value.empty()) {
      if (equals != std::string::npos) {
        return absl::InvalidArgumentError(absl::StrCat("--", name, " takes no value"));
      }
    } else if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (!words_.empty()) {
      value = TakeWord();
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("--", name, " needs a value: --", name, " ", flag->value));
    }
    invocation_.flags[name] = std::move(value);
    return absl::OkStatus();
  }

  // Before the command is known, a flag may be of any; CheckFlags() has the last word.
  const Flag* FindAnyFlag(const std::string& name) const {
    if (const Flag* flag = FindFlag(common_flags_, name)) return flag;
    if (invocation_.command != nullptr) return FindFlag(invocation_.command->flags, name);
    for (const Command& command : commands_) {
      if (const Flag* flag = FindFlag(command.flags, name)) return flag;
    }
    return nullptr;
  }

  absl::Status CheckFlags() const {
    for (const auto& [name, value] : invocation_.flags) {
      if (FindFlag(common_flags_, name) != nullptr) continue;
      if (invocation_.command == nullptr ||
          FindFlag(invocation_.command->flags, name) == nullptr) {
        return Unknown("--" + name);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Unknown(const std::string& flag) const {
    if (invocation_.command == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("no flag ", flag, "; `rcukv help` lists them"));
    }
    return absl::InvalidArgumentError(
        absl::StrCat("`rcukv ", invocation_.command->name, "` has no flag ", flag,
                     "; if it is an argument that begins with a dash, put -- before it"));
  }

  const absl::Span<const Command> commands_;
  const absl::Span<const Flag> common_flags_;
  absl::Span<const std::string> words_;
  bool flags_ended_ = false;
  Invocation invocation_;
};

}  // namespace

absl::StatusOr<Invocation> ParseInvocation(absl::Span<const Command> commands,
                                           absl::Span<const Flag> common_flags,
                                           absl::Span<const std::string> words) {
  return Parser(commands, common_flags, words).Parse();
}

absl::Status CheckArgumentCount(const Invocation& invocation) {
  const Command& command = *invocation.command;
  const size_t given = invocation.arguments.size();
  if (given >= command.min_arguments && given <= command.max_arguments) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      given < command.min_arguments ? "too few" : "too many", " arguments; usage: rcukv ",
      command.name, command.arguments.empty() ? "" : " ", command.arguments));
}

}  // namespace rcukv::cli
