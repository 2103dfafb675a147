#include "loadtest/base/fill.h"

#include <vector>

#include "loadtest/base/interrupt.h"

namespace rcukv::loadtest {
namespace {

// Entries between two calls of progress.
constexpr size_t kStep = 1000;

}  // namespace

absl::Status FirstFailure(BulkWriter& writer) {
  const std::vector<BulkWriter::Failure> failures = writer.TakeFailures();
  return failures.empty() ? absl::OkStatus() : failures.front().status;
}

absl::Status Fill(BulkWriter& writer, size_t first, size_t end,
                  absl::FunctionRef<bool(size_t)> put,
                  absl::FunctionRef<void(size_t)> progress) {
  for (size_t index = first; index < end; ++index) {
    if (Interrupted()) return absl::CancelledError("interrupted");
    if (index % kStep == 0) progress(index);
    if (!put(index)) break;
  }
  writer.Flush();
  return FirstFailure(writer);
}

}  // namespace rcukv::loadtest
