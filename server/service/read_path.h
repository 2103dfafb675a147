// Get and BatchGet from request bytes to response bytes. Knows no gRPC.
//
// The keys are read in place from the request, and each value is copied once: from its
// entry into the response, inside the read-side critical section. The response refers to
// large ones (rcu::Entry::shareable), which it keeps. Nothing is allocated for a key, and
// nothing waits while a section is open; but for SNAPSHOT, which allocates a pointer a
// key and may wait for a batch of writes to be published: Table::LookupSnapshot.
//
// Thread safety: one thread at a time; each serving thread has one of its own.
#ifndef RCUKV_SERVER_SERVICE_READ_PATH_H_
#define RCUKV_SERVER_SERVICE_READ_PATH_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "server/service/limits.h"
#include "server/service/output_buffer.h"
#include "server/service/wire.h"
#include "server/store/store.h"
#include "server/table/table.h"
#include "server/table/table_directory.h"

namespace rcukv {

class ReadPath {
 public:
  // All outlive the path; `tables` belongs to the thread that calls it.
  ReadPath(const Limits& limits, ReadSection section, const Store* store,
           TableDirectory::Reader* tables)
      : limits_(limits), section_(section), store_(store), tables_(tables) {}

  // Put a serialized GetResponse or BatchGetResponse into `response`, which is empty, or
  // answer INVALID_ARGUMENT, NOT_FOUND (the table) or FAILED_PRECONDITION (min_revision)
  // as the proto says; `response` is then unspecified.
  absl::Status Get(std::string_view request, OutputBuffer* response);
  absl::Status BatchGet(std::string_view request, OutputBuffer* response);

 private:
  absl::Status CheckBatch() const;
  absl::Status LookupBatch(const Table& table, OutputBuffer* response);

  const Limits limits_;
  const ReadSection section_;
  const Store* const store_;
  TableDirectory::Reader* const tables_;

  // Its memory is used again by the next request.
  BatchGetRequestView batch_;
  // Of the newest BatchGet response: what to reserve for the next.
  size_t bytes_per_key_ = 0;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_READ_PATH_H_
