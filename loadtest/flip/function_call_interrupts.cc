#include "loadtest/flip/function_call_interrupts.h"

#include <fstream>
#include <sstream>
#include <string>
#include <utility>

namespace rcukv::loadtest {
namespace {

constexpr std::string_view kName = "Function call interrupts";

}  // namespace

std::optional<uint64_t> ParseFunctionCallInterrupts(std::string_view interrupts) {
  const size_t name = interrupts.find(kName);
  if (name == interrupts.npos) return {};
  const size_t before = interrupts.rfind('\n', name);
  const size_t begin = before == interrupts.npos ? 0 : before + 1;
  std::istringstream line{std::string(interrupts.substr(begin, name - begin))};
  std::string label;
  line >> label;
  uint64_t sum = 0;
  bool any = false;
  for (uint64_t of_processor; line >> of_processor; any = true) sum += of_processor;
  return any ? std::optional<uint64_t>(sum) : std::nullopt;
}

std::optional<uint64_t> FunctionCallInterrupts() {
  std::stringstream content;
  content << std::ifstream("/proc/interrupts").rdbuf();
  return ParseFunctionCallInterrupts(content.str());
}

}  // namespace rcukv::loadtest
