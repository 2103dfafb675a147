#include "server/service/message_bytes.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace rcukv {

absl::Status ParseMessage(std::string_view bytes,
                          google::protobuf::MessageLite* message) {
  if (message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::OkStatus();
  }
  const std::string name = message->GetTypeName();
  return absl::InvalidArgumentError(absl::StrCat(name.substr(name.rfind('.') + 1),
                                                 ": malformed: ", bytes.size(),
                                                 " bytes that are not such a message"));
}

void AppendMessage(const google::protobuf::MessageLite& message, OutputBuffer* out) {
  const size_t bytes = message.ByteSizeLong();
  message.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(out->Append(bytes)));
}

}  // namespace rcukv
