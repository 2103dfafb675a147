// Fills a server before a load.
#ifndef RCUKV_LOADTEST_BASE_FILL_H_
#define RCUKV_LOADTEST_BASE_FILL_H_

#include <cstddef>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "clients/cpp/bulk_writer.h"

namespace rcukv::loadtest {

// The error of the first write that failed since the writer was last asked, if one did.
absl::Status FirstFailure(BulkWriter& writer);

// Calls put(index) for each index from `first` to `end` - 1, and waits for the answers.
// `put` puts an entry with `writer`, or leaves it out: it returns what BulkWriter::Put
// does, or true. Calls progress(index) now and then. The error of the first write that
// failed; CANCELLED when the program is interrupted meanwhile.
absl::Status Fill(BulkWriter& writer, size_t first, size_t end,
                  absl::FunctionRef<bool(size_t)> put,
                  absl::FunctionRef<void(size_t)> progress);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_FILL_H_
