#include "server/service/wire_differential.h"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "proto/rcukv/v1/kv.pb.h"
#include "server/service/wire.h"

namespace rcukv {
namespace {

// Small, so that requests with more keys are common.
constexpr size_t kMaxKeptKeys = 5;

std::string Escaped(std::string_view bytes) {
  return absl::CHexEscape({bytes.data(), bytes.size()});
}

bool Same(const GetRequestView& ours, const v1::GetRequest& theirs) {
  return ours.table == theirs.table() && ours.key == theirs.key() &&
         ours.min_revision == theirs.min_revision();
}

bool Same(const BatchGetRequestView& ours, const v1::BatchGetRequest& theirs) {
  const size_t count = static_cast<size_t>(theirs.keys_size());
  return ours.table == theirs.table() && ours.min_revision == theirs.min_revision() &&
         ours.consistency == static_cast<int32_t>(theirs.consistency()) &&
         ours.key_count == count && ours.keys.size() == std::min(count, kMaxKeptKeys) &&
         std::equal(ours.keys.begin(), ours.keys.end(), theirs.keys().begin());
}

template <typename View, typename Message>
std::string Compare(std::string_view bytes, const absl::Status& decoded, const View& ours,
                    Message theirs) {
  const bool accepted =
      theirs.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (accepted != decoded.ok()) {
    return absl::StrCat("protobuf ", accepted ? "accepts" : "rejects", " it, we say ",
                        decoded.ToString(), ": ", Escaped(bytes));
  }
  if (accepted && !Same(ours, theirs)) {
    return absl::StrCat("other content than ", theirs.DebugString(), ": ",
                        Escaped(bytes));
  }
  return "";
}

}  // namespace

std::string CompareWithProtobuf(std::string_view bytes) {
  // Protobuf logs every string that is not UTF-8.
  static google::protobuf::LogHandler* const silenced =
      google::protobuf::SetLogHandler(nullptr);
  (void)silenced;
  GetRequestView get;
  BatchGetRequestView batch;
  const absl::Status get_status = DecodeGetRequest(bytes, &get);
  const absl::Status batch_status = DecodeBatchGetRequest(bytes, kMaxKeptKeys, &batch);
  return absl::StrCat(Compare(bytes, get_status, get, v1::GetRequest()),
                      Compare(bytes, batch_status, batch, v1::BatchGetRequest()));
}

}  // namespace rcukv
