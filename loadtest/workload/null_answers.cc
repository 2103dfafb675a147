#include "loadtest/workload/null_answers.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <climits>
#include <utility>

#include "loadtest/workload/null_target.h"
#include "proto/rcukv/v1/kv.pb.h"

namespace rcukv::loadtest {
namespace {

// Of GetRequest, BatchGetRequest and PutRequest, as a tag of the wire format: number 2,
// preceded by a length.
constexpr uint32_t kKeyTag = 2 << 3 | 2;
// The table, number 1.
constexpr uint32_t kTableTag = 1 << 3 | 2;

// Calls visit(key) for each key of a request for keys alone. False: it is none, or a
// visit returned that.
template <class Visitor>
bool ForEachKey(std::string_view request, Visitor visit) {
  google::protobuf::io::CodedInputStream in(
      reinterpret_cast<const uint8_t*>(request.data()), static_cast<int>(request.size()));
  while (const uint32_t tag = in.ReadTag()) {
    const void* bytes;
    int left;
    int length;
    if ((tag != kKeyTag && tag != kTableTag) || !in.ReadVarintSizeAsInt(&length)) {
      return false;
    }
    if (!in.GetDirectBufferPointer(&bytes, &left)) left = 0;
    if (length > left || !in.Skip(length)) return false;
    const std::string_view field(static_cast<const char*>(bytes),
                                 static_cast<size_t>(length));
    if (tag == kKeyTag && !visit(field)) return false;
  }
  return in.ConsumedEntireMessage();
}

// Neighbours among the keys differ in these; see Records::Key.
constexpr size_t kFirstDigit = 3;
constexpr size_t kPlaces = 1 << 14;

size_t PlaceOf(std::string_view key) {
  const auto first = static_cast<unsigned char>(key[kFirstDigit]);
  const auto second = static_cast<unsigned char>(key[kFirstDigit + 1]);
  return (size_t{first} << 7 | second) % kPlaces;
}

v1::Entry EntryOf(const std::string& key, const std::string& value) {
  v1::Entry entry;
  entry.set_key(key);
  entry.set_value(value);
  entry.set_mod_revision(NullTarget::kNewest);
  entry.set_create_revision(1);
  return entry;
}

}  // namespace

NullAnswers::NullAnswers(const Records& records, size_t entries)
    : records_(records), places_(kPlaces) {
  for (size_t index = 0; index < entries; ++index) {
    ready_.push_back(MakeReady(index));
    uint32_t& place = places_[PlaceOf(ready_.back().key)];
    // Of the first thousand no two have the same.
    if (place == 0) place = static_cast<uint32_t>(ready_.size());
  }
}

NullAnswers::Ready NullAnswers::MakeReady(size_t index) const {
  Ready ready = {.key = records_.Key(index), .get = {}, .batch_get = {}, .scan = {}};
  const std::string value = records_.Value(index, 0);
  v1::GetResponse get;
  *get.mutable_entry() = EntryOf(ready.key, value);
  get.set_revision(NullTarget::kNewest);
  ready.get = get.SerializeAsString();
  v1::BatchGetResponse batch_get;
  v1::BatchGetResponse::Result& result = *batch_get.add_results();
  result.set_found(true);
  result.set_value(value);
  result.set_mod_revision(NullTarget::kNewest);
  ready.batch_get = batch_get.SerializeAsString();
  v1::ScanResponse scan;
  *scan.add_entries() = EntryOf(ready.key, value);
  ready.scan = scan.SerializeAsString();
  return ready;
}

std::optional<NullAnswers::Call> NullAnswers::CallNamed(std::string_view name) {
  constexpr std::string_view kService = "/rcukv.v1.KeyValueService/";
  constexpr std::pair<std::string_view, Call> kCalls[] = {
      {"Get", Call::kGet},
      {"BatchGet", Call::kBatchGet},
      {"StreamBatchGet", Call::kStreamBatchGet},
      {"Put", Call::kPut},
      {"Scan", Call::kScan}};
  if (name.substr(0, kService.size()) != kService) return {};
  name.remove_prefix(kService.size());
  for (const auto& [known, call] : kCalls) {
    if (name == known) return call;
  }
  return {};
}

std::optional<std::string> NullAnswers::Answer(Call call, std::string_view request) {
  if (request.size() > INT_MAX) return {};
  switch (call) {
    case Call::kGet:
      return AnswerKeys(request, &Ready::get);
    case Call::kBatchGet:
    case Call::kStreamBatchGet:
      return AnswerKeys(request, &Ready::batch_get);
    case Call::kPut:
      return AnswerPut();
    case Call::kScan:
      return AnswerScan(request);
  }
  return {};
}

const NullAnswers::Ready* NullAnswers::At(std::string_view key) const {
  if (key.size() < Records::kKeyBytes.min) return nullptr;
  const uint32_t place = places_[PlaceOf(key)];
  return place == 0 ? nullptr : &ready_[place - 1];
}

bool NullAnswers::Append(std::string_view key, std::string Ready::*of,
                         std::string& answer) const {
  const Ready* const ready = At(key);
  if (ready != nullptr && ready->key == key) {
    answer += ready->*of;
    return true;
  }
  const std::optional<size_t> index = records_.IndexOf(key);
  if (!index.has_value()) return false;
  answer += MakeReady(*index).*of;
  return true;
}

std::optional<std::string> NullAnswers::AnswerKeys(std::string_view request,
                                                   std::string Ready::*of) const {
  std::string answer;
  const bool known =
      ForEachKey(request, [&](std::string_view key) { return Append(key, of, answer); });
  if (!known || answer.empty()) return {};
  return answer;
}

std::string NullAnswers::AnswerPut() {
  v1::PutResponse response;
  // relaxed: a number of its own.
  response.set_revision(revision_.fetch_add(1, std::memory_order_relaxed));
  return response.SerializeAsString();
}

std::optional<std::string> NullAnswers::AnswerScan(std::string_view request) const {
  v1::ScanRequest scan;
  if (!scan.ParseFromArray(request.data(), static_cast<int>(request.size()))) return {};
  const size_t entries = std::min<size_t>(scan.page_size(), ready_.size());
  std::string answer;
  for (size_t index = 0; index < entries; ++index) answer += ready_[index].scan;
  return answer;
}

}  // namespace rcukv::loadtest
