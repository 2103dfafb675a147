// Compares wire.h's decoders with protobuf's own parser on the same bytes.
#ifndef RCUKV_SERVER_SERVICE_WIRE_DIFFERENTIAL_H_
#define RCUKV_SERVER_SERVICE_WIRE_DIFFERENTIAL_H_

#include <string>
#include <string_view>

namespace rcukv {

// Empty when both decoders accept the bytes exactly when protobuf does and read the same
// content; else what differs.
std::string CompareWithProtobuf(std::string_view bytes);

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_WIRE_DIFFERENTIAL_H_
