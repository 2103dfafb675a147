#include "loadtest/flip/sparkline.h"

#include <algorithm>
#include <cmath>

namespace rcukv::loadtest {
namespace {

char LevelOf(double value, double low, double high) {
  // Written so that NaN is none.
  if (!(value > 0)) return ' ';
  if (!(high > low)) return kSparkLevels.front();
  const double share = std::log(value / low) / std::log(high / low);
  const double level = share * static_cast<double>(kSparkLevels.size());
  const double highest = static_cast<double>(kSparkLevels.size() - 1);
  return kSparkLevels[static_cast<size_t>(std::clamp(level, 0.0, highest))];
}

}  // namespace

std::string Sparkline(const std::vector<double>& values, double low, double high,
                      size_t columns) {
  const size_t together = std::max<size_t>(1, (values.size() + columns - 1) / columns);
  std::string line;
  for (size_t begin = 0; begin < values.size(); begin += together) {
    const size_t end = std::min(values.size(), begin + together);
    double largest = 0;
    for (size_t i = begin; i < end; ++i) largest = std::fmax(largest, values[i]);
    line += LevelOf(largest, low, high);
  }
  return line;
}

}  // namespace rcukv::loadtest
