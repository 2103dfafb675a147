// Protobuf messages from request bytes and to response bytes, for the calls that need not
// be as fast as those of wire.h.
//
// Thread safety: functions of their arguments alone.
#ifndef RCUKV_SERVER_SERVICE_MESSAGE_BYTES_H_
#define RCUKV_SERVER_SERVICE_MESSAGE_BYTES_H_

#include <google/protobuf/message_lite.h>

#include <string_view>

#include "absl/status/status.h"
#include "server/service/output_buffer.h"

namespace rcukv {

// INVALID_ARGUMENT that names the message where the bytes are not one.
absl::Status ParseMessage(std::string_view bytes, google::protobuf::MessageLite* message);

void AppendMessage(const google::protobuf::MessageLite& message, OutputBuffer* out);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_MESSAGE_BYTES_H_
