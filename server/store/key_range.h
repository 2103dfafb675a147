// Ranges of keys, cut into parts that may be read in parallel.
#ifndef RCUKV_SERVER_STORE_KEY_RANGE_H_
#define RCUKV_SERVER_STORE_KEY_RANGE_H_

#include <string>
#include <string_view>
#include <vector>

namespace rcukv {

// Keys between `begin` and `end`, both excluded, that cut the range into up to `parts`
// parts: of the same size where keys are spread evenly, which nobody promises. In order,
// each once. They differ in the seven bytes behind what begin and end have in common.
//
// Thread safety: a function of its arguments alone.
std::vector<std::string> CutRange(std::string_view begin, std::string_view end,
                                  unsigned parts);

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_KEY_RANGE_H_
