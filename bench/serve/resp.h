// Redis's protocol, RESP 2, as far as GET, MGET and SET go: a codec (reply.h).
// https://redis.io/docs/reference/protocol-spec
#ifndef RCUKV_BENCH_SERVE_RESP_H_
#define RCUKV_BENCH_SERVE_RESP_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "bench/serve/data.h"
#include "bench/serve/reply.h"

namespace rcukv::bench {

class Resp {
 public:
  static constexpr std::string_view kStored = "+OK\r\n";

  static void AppendGet(const Key& key, std::string* out);
  static void AppendMultiGet(absl::Span<const Key> keys, std::string* out);
  static void AppendSet(const Key& key, std::string_view value, std::string* out);

  void BeginGet() { values_left_ = 1; }
  void BeginMultiGet() { values_left_ = kUnknown; }
  ReplyStep Next(std::string_view* input, std::string_view* value);

 private:
  // Until the reply's first line is there.
  static constexpr int64_t kUnknown = -1;

  ReplyStep TakeArrayHeader(std::string_view* input);

  int64_t values_left_ = 0;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_RESP_H_
