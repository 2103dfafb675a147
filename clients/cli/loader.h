// Feeds the records of an input to a server, and keeps account of them.
//
// The first bad record, whether it cannot be read or the server refuses it, ends the
// load: nothing behind it is loaded. With skip_bad it is counted instead. Other errors
// always end the load; then writes that were under way may have been made.

#ifndef RCUKV_CLIENTS_CLI_LOADER_H_
#define RCUKV_CLIENTS_CLI_LOADER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/input/line_reader.h"
#include "clients/cli/input/record_reader.h"
#include "clients/cli/progress.h"
#include "clients/cpp/bulk_writer.h"

namespace rcukv::cli {

struct LoadOptions {
  bool skip_bad = false;
  // Remembers a hash of each key, which costs some 16 bytes a key.
  bool count_duplicates = false;
};

struct LoadResult {
  ExitCode outcome = ExitCode::kDone;
  // The outcome is that of a bad record.
  bool met_bad_record = false;
  uint64_t skipped = 0;
  // Records whose key an earlier one had.
  uint64_t duplicates = 0;
};

class Loader {
 public:
  // All of them must outlive the loader; `lines` is what the record reader reads.
  Loader(LineReader& lines, BulkWriter& writer, Progress& progress, LoadOptions options);

  // Loads until the end of the input or an error. Complains of what goes wrong.
  LoadResult Load(RecordReader& reader);

 private:
  void Write(const Record& record);
  void TakeFailures();
  // Of a bad record.
  void Reject(const std::string& message);
  // Ends the load.
  void Stop(ExitCode outcome, const std::string& message);

  LineReader& lines_;
  BulkWriter& writer_;
  Progress& progress_;
  const LoadOptions options_;
  absl::flat_hash_set<size_t> key_hashes_;
  LoadResult result_;
};

}  // namespace rcukv::cli

#endif  // RCUKV_CLIENTS_CLI_LOADER_H_
