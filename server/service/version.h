// The version of the server.
#ifndef RCUKV_SERVER_SERVICE_VERSION_H_
#define RCUKV_SERVER_SERVICE_VERSION_H_

#include <string_view>

namespace rcukv {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace rcukv

#endif  // RCUKV_SERVER_SERVICE_VERSION_H_
