#include "clients/cli/output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rcukv::cli {

void Print(std::string_view bytes) { std::fwrite(bytes.data(), 1, bytes.size(), stdout); }

absl::Status Flush() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("cannot write to standard output: ", std::strerror(errno)));
}

void Complain(const std::string& message) {
  const std::string line = absl::StrCat("rcukv: ", message, "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

ExitCode Fail(const absl::Status& status) {
  const ExitCode code = ExitCodeOf(status);
  Complain(code == ExitCode::kRefused ? status.ToString()
                                      : std::string(status.message()));
  return code;
}

ExitCode Misuse(const std::string& message) {
  Complain(message);
  return ExitCode::kBadInput;
}

std::string Printable(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    switch (c) {
      case '\\':
        text += "\\\\";
        break;
      case '\n':
        text += "\\n";
        break;
      case '\r':
        text += "\\r";
        break;
      case '\t':
        text += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          absl::StrAppendFormat(&text, "\\x%02x", c);
        } else {
          text += c;
        }
    }
  }
  return text;
}

}  // namespace rcukv::cli
