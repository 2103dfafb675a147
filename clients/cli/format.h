// Numbers for people.

#ifndef RCUKV_CLIENTS_CLI_FORMAT_H_
#define RCUKV_CLIENTS_CLI_FORMAT_H_

#include <cstdint>
#include <string>

namespace rcukv::cli {

// 1234567 -> "1,234,567".
std::string WithCommas(uint64_t number);

// 1536 -> "1.5 KiB".
std::string Bytes(uint64_t bytes);

// 12345 -> "12.3 us".
std::string Nanoseconds(uint64_t nanoseconds);

// 3 -> "3 entries", 1 -> "1 entry".
std::string Count(uint64_t number, const std::string& one, const std::string& many);

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_FORMAT_H_
