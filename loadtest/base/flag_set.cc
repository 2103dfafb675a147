#include "loadtest/base/flag_set.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace rcukv::loadtest {
namespace {

absl::Status SetBool(const std::string& text, bool* target) {
  if (absl::SimpleAtob(text, target)) return absl::OkStatus();
  return absl::InvalidArgumentError("must be true or false");
}

absl::Status SetInt(const std::string& text, int64_t* target, int64_t min, int64_t max) {
  int64_t value;
  if (absl::SimpleAtoi(text, &value) && min <= value && value <= max) {
    *target = value;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("must be a whole number from %d to %d", min, max));
}

absl::Status SetDouble(const std::string& text, double* target, double min, double max) {
  double value;
  // Written so that NaN is refused.
  if (absl::SimpleAtod(text, &value) && min <= value && value <= max) {
    *target = value;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("must be a number from %g to %g", min, max));
}

}  // namespace

void FlagSet::Add(std::string name, std::string help, std::string shown, Setter set) {
  flags_.push_back({std::move(name), std::move(help), std::move(shown), std::move(set)});
}

void FlagSet::Add(std::string name, std::string help, int64_t* target, int64_t min,
                  int64_t max) {
  Add(std::move(name), std::move(help), absl::StrFormat("%d", *target),
      [=](const std::string& text) { return SetInt(text, target, min, max); });
}

void FlagSet::Add(std::string name, std::string help, double* target, double min,
                  double max) {
  Add(std::move(name), std::move(help), absl::StrFormat("%g", *target),
      [=](const std::string& text) { return SetDouble(text, target, min, max); });
}

void FlagSet::Add(std::string name, std::string help, std::string* target) {
  Add(std::move(name), std::move(help), *target, [=](const std::string& text) {
    *target = text;
    return absl::OkStatus();
  });
}

void FlagSet::Add(std::string name, std::string help, bool* target) {
  Add(std::move(name), std::move(help), *target ? "true" : "false",
      [=](const std::string& text) { return SetBool(text, target); });
  flags_.back().is_switch = true;
}

std::string FlagSet::Names() const {
  return absl::StrJoin(flags_, ", ", [](std::string* out, const Flag& flag) {
    absl::StrAppend(out, "--", flag.name);
  });
}

absl::Status FlagSet::ParseOne(const std::string& argument) {
  if (!absl::StartsWith(argument, "--")) {
    return absl::InvalidArgumentError(
        absl::StrFormat("\"%s\" is not a flag; flags are --name=value", argument));
  }
  const size_t equals = std::min(argument.find('='), argument.size());
  const std::string name = argument.substr(2, equals - 2);
  const auto flag = std::find_if(flags_.begin(), flags_.end(),
                                 [&](const Flag& f) { return f.name == name; });
  if (flag == flags_.end()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("there is no flag --%s; there are %s", name, Names()));
  }
  const bool has_value = equals < argument.size();
  if (!has_value && !flag->is_switch) {
    return absl::InvalidArgumentError(
        absl::StrFormat("--%s needs a value: --%s=...", name, name));
  }
  const absl::Status status = flag->set(has_value ? argument.substr(equals + 1) : "true");
  if (status.ok()) return status;
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: %s", argument, status.message()));
}

absl::Status FlagSet::Parse(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    if (absl::Status status = ParseOne(argument); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::string FlagSet::Help() const {
  std::string help;
  for (const Flag& flag : flags_) {
    absl::StrAppendFormat(&help, "  --%s=%s\n      %s\n", flag.name, flag.shown,
                          flag.help);
  }
  return help;
}

}  // namespace rcukv::loadtest
