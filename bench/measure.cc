#include "bench/measure.h"

#include <algorithm>
#include <regex>

namespace rcukv::bench {

std::vector<Measure> Matching(std::vector<Measure> measures, const std::string& filter) {
  const std::regex pattern(filter);
  const auto found_in = [&](const std::string& name) {
    return std::regex_search(name, pattern);
  };
  std::erase_if(measures, [&](const Measure& measure) {
    return !found_in(measure.name) &&
           std::none_of(
               measure.compared.begin(), measure.compared.end(),
               [&](const Compared& compared) { return found_in(compared.name); });
  });
  return measures;
}

std::vector<double> ValuesOf(const Samples& samples, const std::string& figure) {
  std::vector<double> values;
  for (const Figures& sample : samples) {
    if (const auto found = sample.find(figure); found != sample.end()) {
      values.push_back(found->second);
    }
  }
  return values;
}

}  // namespace rcukv::bench
