#include "bench/serve/memcache.h"

namespace rcukv::bench {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

}  // namespace

void MemcacheText::AppendGet(const Key& key, std::string* out) {
  out->append("get ");
  out->append(key.bytes());
  out->append(kLineEnd);
}

void MemcacheText::AppendMultiGet(absl::Span<const Key> keys, std::string* out) {
  out->append("get");
  for (const Key& key : keys) {
    out->push_back(' ');
    out->append(key.bytes());
  }
  out->append(kLineEnd);
}

void MemcacheText::AppendSet(const Key& key, std::string_view value, std::string* out) {
  out->append("set ");
  out->append(key.bytes());
  out->append(" 0 0 ");
  out->append(std::to_string(value.size()));
  out->append(kLineEnd);
  out->append(value);
  out->append(kLineEnd);
}

ReplyStep MemcacheText::Next(std::string_view* input, std::string_view* value) {
  size_t line_bytes = 0;
  const std::string_view line = FirstLine(*input, &line_bytes);
  if (line_bytes == 0) return ReplyStep::kMore;
  if (line == "END") {
    input->remove_prefix(line_bytes);
    return ReplyStep::kEnd;
  }
  if (!StartsWith(line, "VALUE ")) return ReplyStep::kBroken;
  const int64_t value_bytes = ParseCount(line.substr(line.rfind(' ') + 1));
  return TakeValue(line_bytes, value_bytes, input, value);
}

void MemcacheMeta::AppendGet(const Key& key, std::string* out) {
  out->append("mg ");
  out->append(key.bytes());
  out->append(" v\r\n");
}

void MemcacheMeta::AppendMultiGet(absl::Span<const Key> keys, std::string* out) {
  for (const Key& key : keys) {
    out->append("mg ");
    out->append(key.bytes());
    out->append(" v q\r\n");
  }
  out->append("mn\r\n");
}

ReplyStep MemcacheMeta::Next(std::string_view* input, std::string_view* value) {
  if (state_ == State::kEnd) return ReplyStep::kEnd;
  size_t line_bytes = 0;
  const std::string_view line = FirstLine(*input, &line_bytes);
  if (line_bytes == 0) return ReplyStep::kMore;
  if (state_ == State::kValues && line == "MN") {
    input->remove_prefix(line_bytes);
    state_ = State::kEnd;
    return ReplyStep::kEnd;
  }
  // "EN" is a key that does not exist.
  if (!StartsWith(line, "VA ")) return ReplyStep::kBroken;
  const ReplyStep step = TakeValue(line_bytes, ParseCount(line.substr(3)), input, value);
  if (step == ReplyStep::kValue && state_ == State::kOneValue) state_ = State::kEnd;
  return step;
}

}  // namespace rcukv::bench
