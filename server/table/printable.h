// Bytes from a client as an error message may show them.
#ifndef RCUKV_SERVER_TABLE_PRINTABLE_H_
#define RCUKV_SERVER_TABLE_PRINTABLE_H_

#include <string>
#include <string_view>

namespace rcukv {

// `bytes` in double quotes, escaped as in a C literal; of more than 64 bytes only the
// first, followed by how many there are: "\x00abc"... (4096 bytes).
std::string Printable(std::string_view bytes);

}  // namespace rcukv

#endif  // RCUKV_SERVER_TABLE_PRINTABLE_H_
