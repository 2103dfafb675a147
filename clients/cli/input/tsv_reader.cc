#include "clients/cli/input/record_reader.h"

namespace rcukv::cli {
namespace {

class TsvReader : public RecordReader {
 public:
  explicit TsvReader(LineReader& lines) : lines_(lines) {}

  absl::StatusOr<std::optional<Record>> Next() override {
    while (true) {
      const absl::StatusOr<std::optional<std::string_view>> line = lines_.Next();
      if (!line.ok()) return line.status();
      if (!line->has_value()) return std::nullopt;
      const std::string_view text = WithoutLineEnd(**line);
      if (!text.empty()) return Parse(text);
    }
  }

 private:
  absl::StatusOr<std::optional<Record>> Parse(std::string_view line) const {
    const int64_t number = lines_.line_number();
    const size_t tab = line.find('\t');
    if (tab == std::string_view::npos) {
      return lines_.ErrorAt(number, "no TAB between key and value");
    }
    if (tab == 0) return lines_.ErrorAt(number, "the key before the TAB is empty");
    return Record{.key = std::string(line.substr(0, tab)),
                  .value = std::string(line.substr(tab + 1)),
                  .line = number};
  }

  LineReader& lines_;
};

}  // namespace

std::unique_ptr<RecordReader> NewTsvReader(LineReader& lines) {
  return std::make_unique<TsvReader>(lines);
}

}  // namespace rcukv::cli
