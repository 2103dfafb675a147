// What the codecs of the peers' protocols have in common.
//
// A codec is a class with
//
//   static void AppendGet(const Key& key, std::string* out);
//   static void AppendMultiGet(absl::Span<const Key> keys, std::string* out);
//   static void AppendSet(const Key& key, std::string_view value, std::string* out);
//   static constexpr std::string_view kStored;   // the answer to a set
//
//   void BeginGet();                              // a reply to AppendGet comes next
//   void BeginMultiGet();                         // or one to AppendMultiGet
//   ReplyStep Next(std::string_view* input, std::string_view* value);
//
// Next takes what it understands of a reply off the front of `input`, which may end
// anywhere. Values come in the order of the keys, and only of keys that exist: a codec
// does not know what was asked, its caller compares.
//
// Thread safety: one thread.
#ifndef RCUKV_BENCH_SERVE_REPLY_H_
#define RCUKV_BENCH_SERVE_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rcukv::bench {

enum class ReplyStep {
  // `value` is the next one; it points into the input.
  kValue,
  // The reply is complete.
  kEnd,
  // The rest has not arrived; nothing was taken.
  kMore,
  // Not what the protocol says, an error, or a key that does not exist.
  kBroken,
};

// The line at the front, without its end; `*line_bytes` is its size with it, 0 where it
// has not arrived as a whole.
std::string_view FirstLine(std::string_view input, size_t* line_bytes);

// A number of digits alone, and at least one; -1 for anything else.
int64_t ParseCount(std::string_view digits);

// Takes `line_bytes` bytes, a value of `value_bytes` and its line end off `input`.
ReplyStep TakeValue(size_t line_bytes, int64_t value_bytes, std::string_view* input,
                    std::string_view* value);

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_REPLY_H_
