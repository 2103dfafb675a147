// What the tests of the codecs share.
#ifndef RCUKV_BENCH_SERVE_REPLY_TEST_H_
#define RCUKV_BENCH_SERVE_REPLY_TEST_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "bench/serve/data.h"
#include "bench/serve/reply.h"

namespace rcukv::bench {

inline constexpr Key kKey = {
    {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'}};

template <class Codec>
Codec ForGet() {
  Codec codec;
  codec.BeginGet();
  return codec;
}

template <class Codec>
Codec ForMultiGet() {
  Codec codec;
  codec.BeginMultiGet();
  return codec;
}

struct Taken {
  std::vector<std::string> values;
  // The last step.
  ReplyStep step = ReplyStep::kMore;
  // What was not taken.
  std::string rest;
};

// Feeds `reply` to `codec`, which has been told what comes, `piece_bytes` at a time.
template <class Codec>
Taken TakeInPieces(Codec codec, std::string_view reply, size_t piece_bytes) {
  Taken taken;
  while (taken.step == ReplyStep::kMore && !reply.empty()) {
    taken.rest += reply.substr(0, piece_bytes);
    reply.remove_prefix(std::min(piece_bytes, reply.size()));
    std::string_view input = taken.rest;
    std::string_view value;
    while ((taken.step = codec.Next(&input, &value)) == ReplyStep::kValue) {
      taken.values.emplace_back(value);
    }
    taken.rest = std::string(input);
  }
  taken.rest += reply;
  return taken;
}

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_REPLY_TEST_H_
