// From a PutRequest or a DeleteRequest to a write that is within the limits.
//
// Thread safety: functions of their arguments alone.
#ifndef RCUKV_SERVER_SERVICE_WRITE_REQUEST_H_
#define RCUKV_SERVER_SERVICE_WRITE_REQUEST_H_

#include "absl/status/statusor.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "server/service/limits.h"
#include "server/store/store.h"
#include "server/table/table_directory.h"

namespace rcukv {

// Without `done`. Takes the strings of `request`. INVALID_ARGUMENT, and UNIMPLEMENTED for
// a ttl, name the field and the limit that it breaks; NOT_FOUND names the table.
absl::StatusOr<Write> ToWrite(v1::PutRequest&& request, const Limits& limits,
                              TableDirectory::Reader& tables);
absl::StatusOr<Write> ToWrite(v1::DeleteRequest&& request, const Limits& limits,
                              TableDirectory::Reader& tables);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WRITE_REQUEST_H_
