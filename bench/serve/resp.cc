#include "bench/serve/resp.h"

namespace rcukv::bench {
namespace {

void AppendBulk(std::string_view bytes, std::string* out) {
  out->push_back('$');
  out->append(std::to_string(bytes.size()));
  out->append("\r\n");
  out->append(bytes);
  out->append("\r\n");
}

// What AppendBulk appends for a key, which all have one size.
void AppendKey(const Key& key, std::string* out) {
  static_assert(kKeyBytes == 16);
  out->append("$16\r\n");
  out->append(key.bytes());
  out->append("\r\n");
}

}  // namespace

void Resp::AppendGet(const Key& key, std::string* out) {
  out->append("*2\r\n$3\r\nGET\r\n");
  AppendKey(key, out);
}

void Resp::AppendMultiGet(absl::Span<const Key> keys, std::string* out) {
  out->push_back('*');
  out->append(std::to_string(keys.size() + 1));
  out->append("\r\n$4\r\nMGET\r\n");
  for (const Key& key : keys) AppendKey(key, out);
}

void Resp::AppendSet(const Key& key, std::string_view value, std::string* out) {
  out->append("*3\r\n$3\r\nSET\r\n");
  AppendKey(key, out);
  AppendBulk(value, out);
}

ReplyStep Resp::TakeArrayHeader(std::string_view* input) {
  size_t line_bytes = 0;
  const std::string_view line = FirstLine(*input, &line_bytes);
  if (line_bytes == 0) return ReplyStep::kMore;
  if (line.empty() || line[0] != '*') return ReplyStep::kBroken;
  values_left_ = ParseCount(line.substr(1));
  if (values_left_ < 0) return ReplyStep::kBroken;
  input->remove_prefix(line_bytes);
  return ReplyStep::kEnd;
}

ReplyStep Resp::Next(std::string_view* input, std::string_view* value) {
  if (values_left_ == kUnknown) {
    const ReplyStep header = TakeArrayHeader(input);
    if (header != ReplyStep::kEnd) return header;
  }
  if (values_left_ == 0) return ReplyStep::kEnd;
  size_t line_bytes = 0;
  const std::string_view line = FirstLine(*input, &line_bytes);
  if (line_bytes == 0) return ReplyStep::kMore;
  // "$-1" is a key that does not exist, "-ERR ..." an error.
  if (line.empty() || line[0] != '$') return ReplyStep::kBroken;
  const ReplyStep step = TakeValue(line_bytes, ParseCount(line.substr(1)), input, value);
  if (step == ReplyStep::kValue) --values_left_;
  return step;
}

}  // namespace rcukv::bench
