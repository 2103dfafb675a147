#include "bench/rcu/interrupts.h"

#include <fstream>
#include <iterator>
#include <sstream>

namespace rcukv::bench {
namespace {

// The same for every processor, other than the name at the beginning of the row.
constexpr std::string_view kDescription = "Function call interrupts";

// "CAL:   17062979   14254046   Function call interrupts"
uint32_t SumOfRow(const std::string& row) {
  std::istringstream words(row);
  std::string name;
  words >> name;
  uint32_t sum = 0;
  for (uint32_t of_cpu = 0; words >> of_cpu;) sum += of_cpu;
  return sum;
}

}  // namespace

std::optional<uint32_t> FunctionCallInterrupts(std::string_view proc_interrupts) {
  std::istringstream rows{std::string(proc_interrupts)};
  for (std::string row; std::getline(rows, row);) {
    if (row.find(kDescription) != std::string::npos) return SumOfRow(row);
  }
  return std::nullopt;
}

std::string ReadProcInterrupts() {
  std::ifstream file("/proc/interrupts");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace rcukv::bench
