#include "bench/measure.h"

namespace rcukv::bench {

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
