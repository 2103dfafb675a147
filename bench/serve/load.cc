#include "bench/serve/load.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "bench/serve/data.h"

namespace rcukv::bench {

void EndSample(const std::string& reason) {
  absl::FPrintF(stderr, "sampler: %s\n", reason);
  std::fflush(stderr);
  std::_Exit(EXIT_FAILURE);
}

void EndWithWrongValue(uint32_t index) {
  const Key key = KeyOf(index);
  EndSample(absl::StrFormat("not the value of key %s came back for it",
                            std::string(key.bytes())));
}

}  // namespace rcukv::bench
