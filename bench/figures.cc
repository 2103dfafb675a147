#include "bench/figures.h"

#include <cmath>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"

namespace rcukv::bench {

std::string FormatFigures(const Figures& figures) {
  std::string text;
  for (const auto& [name, value] : figures) {
    absl::StrAppendFormat(&text, "%s %.17g\n", name, value);
  }
  return text;
}

absl::StatusOr<Figures> ParseFigures(std::string_view text) {
  Figures figures;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, rest;
    double value;
    if (!(words >> name >> value) || words >> rest || !std::isfinite(value)) {
      return absl::InvalidArgumentError(
          absl::StrFormat("\"%s\" is not a name and a number", line));
    }
    figures[name] = value;
  }
  return figures;
}

}  // namespace rcukv::bench
