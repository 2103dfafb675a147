#include "clients/cli/loader.h"

#include <optional>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/output.h"

namespace rcukv::cli {
namespace {

// After so many complaints the rest is only counted.
constexpr uint64_t kMaxComplaints = 10;

constexpr size_t kMaxShownKeyBytes = 80;

// What a server takes unless it was told otherwise. A record above it goes alone, so that
// nothing behind it is under way when it is refused.
constexpr size_t kUsualMaxKeyBytes = 4096;
constexpr size_t kUsualMaxValueBytes = 1 << 20;

bool IsLikelyRefused(const Record& record) {
  return record.key.size() > kUsualMaxKeyBytes ||
         record.value.size() > kUsualMaxValueBytes;
}

std::string Shown(const std::string& key) {
  const std::string shown = Printable(key.substr(0, kMaxShownKeyBytes));
  return absl::StrCat("key \"", shown, key.size() > kMaxShownKeyBytes ? "...\"" : "\"");
}

}  // namespace

Loader::Loader(LineReader& lines, BulkWriter& writer, Progress& progress,
               LoadOptions options)
    : lines_(lines), writer_(writer), progress_(progress), options_(options) {}

LoadResult Loader::Load(RecordReader& reader) {
  while (result_.outcome == ExitCode::kDone) {
    const absl::StatusOr<std::optional<Record>> record = reader.Next();
    if (absl::IsInvalidArgument(record.status())) {
      Reject(std::string(record.status().message()));
    } else if (absl::IsCancelled(record.status())) {
      Stop(ExitCode::kInterrupted, "interrupted");
    } else if (!record.ok()) {
      Stop(ExitCode::kBadInput, std::string(record.status().message()));
    } else if (!record->has_value()) {
      break;
    } else {
      Write(**record);
      progress_.Update(writer_.written(), lines_.bytes_read());
    }
  }
  writer_.Flush();
  TakeFailures();
  return result_;
}

void Loader::Write(const Record& record) {
  if (options_.count_duplicates && !key_hashes_.insert(absl::HashOf(record.key)).second) {
    ++result_.duplicates;
  }
  const bool alone = IsLikelyRefused(record);
  if (alone) writer_.Flush();
  bool ok = writer_.Put(record.key, record.value, record.line);
  if (alone) {
    writer_.Flush();
    ok = false;
  }
  if (!ok) TakeFailures();
}

void Loader::TakeFailures() {
  for (const BulkWriter::Failure& failure : writer_.TakeFailures()) {
    const std::string message(
        lines_
            .ErrorAt(static_cast<int64_t>(failure.id),
                     absl::StrCat(Shown(failure.key), ": ", failure.status.message()))
            .message());
    if (absl::IsInvalidArgument(failure.status)) {
      Reject(message);
    } else {
      Stop(ExitCodeOf(failure.status), message);
    }
  }
}

void Loader::Reject(const std::string& message) {
  if (!options_.skip_bad) {
    result_.met_bad_record |= result_.outcome == ExitCode::kDone;
    return Stop(ExitCode::kBadInput, message);
  }
  ++result_.skipped;
  if (result_.skipped > kMaxComplaints) return;
  progress_.Wipe();
  Complain(absl::StrCat("skipped: ", message));
  if (result_.skipped == kMaxComplaints)
    Complain("skipped: further ones are only counted");
}

void Loader::Stop(ExitCode outcome, const std::string& message) {
  // What fails after the first is mostly what was under way with it.
  if (result_.outcome != ExitCode::kDone) return;
  result_.outcome = outcome;
  progress_.Wipe();
  Complain(message);
}

}  // namespace rcukv::cli
