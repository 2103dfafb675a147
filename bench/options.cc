#include "bench/options.h"

#include <algorithm>
#include <regex>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv::bench {
namespace {

// A median of fewer would say little.
constexpr int64_t kMinRounds = 5;

absl::Status SetFilter(const std::string& text, std::string* filter) {
  try {
    (void)std::regex(text);
  } catch (const std::regex_error& error) {
    return absl::InvalidArgumentError(
        absl::StrFormat("not a regular expression: %s", error.what()));
  }
  *filter = text;
  return absl::OkStatus();
}

}  // namespace

void AddCommonFlags(CommonOptions& options, loadtest::FlagSet& flags) {
  flags.Add(
      "filter", "take the measures alone in whose names this regular expression is found",
      "",
      [&options](const std::string& text) { return SetFilter(text, &options.filter); });
  flags.Add("quick", "less and shorter samples, in two minutes, and more noise",
            &options.quick);
  flags.Add("rounds", "samples of each side of a comparison", &options.rounds, kMinRounds,
            1000);
  flags.Add("json", "file for every sample and the machine; none if empty",
            &options.json);
  flags.Add("samplers", "folder of the samplers; beside this program if empty",
            &options.samplers);
  flags.Add("list", "list the measures and end", &options.list);
  flags.Add("help", "show this", &options.help);
}

bool SaysQuick(const std::vector<std::string>& arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [](const std::string& argument) {
    return argument == "--quick" || argument == "--quick=true";
  });
}

}  // namespace rcukv::bench
