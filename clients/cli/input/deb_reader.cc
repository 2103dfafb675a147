#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/input/record_reader.h"

namespace rcukv::cli {
namespace {

// One stanza as it is read; remembers the first thing that is wrong with it.
class Stanza {
 public:
  explicit Stanza(LineReader& lines) : lines_(lines) {}

  bool empty() const { return first_line_ == 0; }

  void Add(std::string_view line) {
    if (empty()) first_line_ = lines_.line_number();
    if (!error_.ok()) return;
    if (record_.value.size() + line.size() > lines_.max_line_bytes()) {
      return Reject("the stanza is longer than " + absl::StrCat(lines_.max_line_bytes()) +
                    " bytes");
    }
    AddField(WithoutLineEnd(line));
    record_.value.append(line);
  }

  // Only the first error counts.
  void Reject(const std::string& message) {
    if (empty()) first_line_ = lines_.line_number();
    if (error_.ok()) error_ = lines_.ErrorAt(lines_.line_number(), message);
  }

  absl::StatusOr<std::optional<Record>> Finish() && {
    if (!error_.ok()) return error_;
    if (record_.key.empty()) {
      return lines_.ErrorAt(first_line_,
                            "the stanza that begins here has no Package field");
    }
    record_.line = first_line_;
    return std::move(record_);
  }

 private:
  void AddField(std::string_view line) {
    if (line.starts_with(' ') || line.starts_with('\t')) {
      if (record_.value.empty()) Reject("a continuation line where a field should begin");
      return;
    }
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      return Reject(
          "neither \"Field: value\" nor a continuation line, which begins with a blank");
    }
    if (!absl::EqualsIgnoreCase(std::string(line.substr(0, colon)), "Package")) return;
    if (!record_.key.empty()) return Reject("a second Package field in one stanza");
    record_.key = line.substr(colon + 1);
    absl::StripAsciiWhitespace(&record_.key);
    if (record_.key.empty()) Reject("the Package field is empty");
  }

  LineReader& lines_;
  int64_t first_line_ = 0;
  Record record_;
  absl::Status error_;
};

class DebReader : public RecordReader {
 public:
  explicit DebReader(LineReader& lines) : lines_(lines) {}

  absl::StatusOr<std::optional<Record>> Next() override {
    Stanza stanza(lines_);
    while (true) {
      const absl::StatusOr<std::optional<std::string_view>> line = lines_.Next();
      if (absl::IsInvalidArgument(line.status())) {
        stanza.Reject("the line is too long");
        continue;
      }
      if (!line.ok()) return line.status();
      const bool at_end = !line->has_value();
      if (at_end || WithoutLineEnd(**line).empty()) {
        if (!stanza.empty()) return std::move(stanza).Finish();
        if (at_end) return std::nullopt;
        continue;
      }
      stanza.Add(**line);
    }
  }

 private:
  LineReader& lines_;
};

}  // namespace

std::unique_ptr<RecordReader> NewDebReader(LineReader& lines) {
  return std::make_unique<DebReader>(lines);
}

}  // namespace rcukv::cli
