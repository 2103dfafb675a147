#include "clients/cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "clients/cli/format.h"

namespace rcukv::cli {
namespace {

constexpr size_t kBarColumns = 30;
constexpr absl::Duration kTerminalInterval = absl::Milliseconds(100);
constexpr absl::Duration kLineInterval = absl::Seconds(5);

std::string Bar(double done) {
  const size_t filled = static_cast<size_t>(done * kBarColumns);
  return absl::StrFormat("[%s%s] %3.0f%%  ", std::string(filled, '#'),
                         std::string(kBarColumns - filled, '.'), done * 100);
}

}  // namespace

std::string ProgressText(const ProgressState& state) {
  std::string text;
  if (state.bytes_total.value_or(0) > 0) {
    text = Bar(std::min(1.0, static_cast<double>(state.bytes_read) /
                                 static_cast<double>(*state.bytes_total)));
  }
  absl::StrAppend(&text, Count(state.entries, "entry", "entries"));
  const double seconds = absl::ToDoubleSeconds(state.elapsed);
  if (seconds > 0) {
    const auto rate = static_cast<uint64_t>(static_cast<double>(state.entries) / seconds);
    absl::StrAppend(&text, "  ", WithCommas(rate), "/s");
  }
  return text;
}

Progress::Progress(std::optional<uint64_t> bytes_total)
    : bytes_total_(bytes_total),
      terminal_(isatty(STDERR_FILENO) == 1),
      interval_(terminal_ ? kTerminalInterval : kLineInterval),
      start_(absl::Now()),
      next_(start_ + interval_) {}

Progress::~Progress() { Wipe(); }

absl::Duration Progress::elapsed() const { return absl::Now() - start_; }

void Progress::Update(uint64_t entries, uint64_t bytes_read) {
  const absl::Time now = absl::Now();
  if (now < next_) return;
  next_ = now + interval_;
  const std::string text = ProgressText({.entries = entries,
                                         .bytes_read = bytes_read,
                                         .bytes_total = bytes_total_,
                                         .elapsed = now - start_});
  if (!terminal_) {
    std::fprintf(stderr, "%s\n", text.c_str());
    return;
  }
  std::fprintf(stderr, "\r%-*s", static_cast<int>(columns_drawn_), text.c_str());
  std::fflush(stderr);
  columns_drawn_ = text.size();
}

void Progress::Wipe() {
  if (columns_drawn_ == 0) return;
  std::fprintf(stderr, "\r%*s\r", static_cast<int>(columns_drawn_), "");
  std::fflush(stderr);
  columns_drawn_ = 0;
}

}  // namespace rcukv::cli
