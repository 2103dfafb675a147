// memcached's two text protocols, the classic and the meta commands, as far as reading
// and setting go: codecs (reply.h).
// https://github.com/memcached/memcached/blob/master/doc/protocol.txt
#ifndef RCUKV_BENCH_SERVE_MEMCACHE_H_
#define RCUKV_BENCH_SERVE_MEMCACHE_H_

#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "bench/serve/data.h"
#include "bench/serve/reply.h"

namespace rcukv::bench {

// "get k1 k2": "VALUE k1 0 64", the value, and so on, "END".
class MemcacheText {
 public:
  static constexpr std::string_view kStored = "STORED\r\n";

  static void AppendGet(const Key& key, std::string* out);
  static void AppendMultiGet(absl::Span<const Key> keys, std::string* out);
  static void AppendSet(const Key& key, std::string_view value, std::string* out);

  void BeginGet() {}
  void BeginMultiGet() {}
  ReplyStep Next(std::string_view* input, std::string_view* value);
};

// "mg k1 v": "VA 64" and the value. Many keys are as many commands that say nothing of
// what does not exist ("q"), and a "mn" whose answer "MN" tells that all are answered.
class MemcacheMeta {
 public:
  static constexpr std::string_view kStored = MemcacheText::kStored;

  static void AppendGet(const Key& key, std::string* out);
  static void AppendMultiGet(absl::Span<const Key> keys, std::string* out);
  static void AppendSet(const Key& key, std::string_view value, std::string* out) {
    MemcacheText::AppendSet(key, value, out);
  }

  void BeginGet() { state_ = State::kOneValue; }
  void BeginMultiGet() { state_ = State::kValues; }
  ReplyStep Next(std::string_view* input, std::string_view* value);

 private:
  enum class State { kOneValue, kValues, kEnd };

  State state_ = State::kEnd;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_MEMCACHE_H_
