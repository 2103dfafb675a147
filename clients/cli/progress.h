// Shows on standard error how a load is getting on: a bar that is drawn over and over on
// a terminal, otherwise a line now and then.

#ifndef RCUKV_CLIENTS_CLI_PROGRESS_H_
#define RCUKV_CLIENTS_CLI_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace rcukv::cli {

struct ProgressState {
  uint64_t entries = 0;
  uint64_t bytes_read = 0;
  // Of the whole input, where that is known.
  std::optional<uint64_t> bytes_total;
  absl::Duration elapsed;
};

// "[#####.....] 50%  12,345 entries  40,123/s", without the bar where the total is not
// known.
std::string ProgressText(const ProgressState& state);

class Progress {
 public:
  explicit Progress(std::optional<uint64_t> bytes_total);
  // Wipes the bar.
  ~Progress();

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Cheap enough to be called for each entry.
  void Update(uint64_t entries, uint64_t bytes_read);
  // Makes room for other lines on standard error.
  void Wipe();

  absl::Duration elapsed() const;

 private:
  const std::optional<uint64_t> bytes_total_;
  const bool terminal_;
  const absl::Duration interval_;
  const absl::Time start_;
  absl::Time next_;
  size_t columns_drawn_ = 0;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_PROGRESS_H_
