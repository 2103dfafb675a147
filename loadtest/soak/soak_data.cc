#include "loadtest/soak/soak_data.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "loadtest/base/random.h"
#include "loadtest/base/self_checking_value.h"

namespace rcukv::loadtest {
namespace {

static_assert(SoakData::kMinValueBytes >= kMinSelfCheckingBytes);

// Sizes of `percent` in a hundred values, evenly between both ends.
struct SizeClass {
  uint64_t percent;
  size_t min_bytes;
  size_t max_bytes;
};

constexpr SizeClass kSizes[] = {
    {84, SoakData::kMinValueBytes, 200},
    {15, 201, 2 << 10},
    {1, 8 << 10, SoakData::kMaxValueBytes},
};

// So many bytes of a wrong value are quoted.
constexpr size_t kQuotedBytes = 16;

absl::Status Wrong(const std::string& what) { return absl::DataLossError(what); }

std::string Words(WriteRange writes) {
  return writes.oldest == writes.newest
             ? absl::StrFormat("write %d is the newest", writes.oldest)
             : absl::StrFormat("writes %d to %d are possible", writes.oldest,
                               writes.newest);
}

}  // namespace

std::string SoakData::Key(size_t index) const {
  // Mix is a bijection.
  return absl::StrFormat("%016x", Mix(seed_ ^ Mix(index)));
}

uint64_t SoakData::Draw(size_t index, uint64_t write) const {
  return Mix(seed_ ^ Mix(index ^ Mix(write)));
}

bool SoakData::IsDelete(size_t index, uint64_t write) const {
  return Random(Draw(index, write)).Below(kWritesPerDelete) == 0;
}

size_t SoakData::ValueBytes(size_t index, uint64_t write) const {
  // Other numbers than those of IsDelete, and of the filling.
  Random random(~Draw(index, write));
  uint64_t percent = random.Below(100);
  const SizeClass* size = kSizes;
  for (; percent >= size->percent; ++size) percent -= size->percent;
  return size->min_bytes + random.Below(size->max_bytes - size->min_bytes + 1);
}

std::string SoakData::Value(size_t index, uint64_t write) const {
  return SelfCheckingValue(write, Draw(index, write), ValueBytes(index, write));
}

absl::Status SoakData::Check(size_t index, const std::optional<std::string_view>& answer,
                             WriteRange writes) const {
  const absl::Status status = answer.has_value() ? CheckValue(index, *answer, writes)
                                                 : CheckAbsent(index, writes);
  if (status.ok()) return status;
  return Wrong(
      absl::StrFormat("key %s: %s; %s", Key(index), status.message(), Words(writes)));
}

absl::Status SoakData::CheckAbsent(size_t index, WriteRange writes) const {
  for (uint64_t write = writes.oldest; write <= writes.newest; ++write) {
    if (IsDelete(index, write)) return absl::OkStatus();
  }
  return Wrong("not found, and no delete can be the cause");
}

absl::Status SoakData::CheckValue(size_t index, std::string_view value,
                                  WriteRange writes) const {
  if (value.size() < kMinValueBytes) {
    return Wrong(absl::StrFormat("a value of %d bytes", value.size()));
  }
  const uint64_t write = GenerationOf(value);
  if (value.size() != ValueBytes(index, write) || IsDelete(index, write) ||
      !IsFilledFrom(value, Draw(index, write))) {
    return Wrong(absl::StrFormat("not a value of this key: %d bytes, beginning %s",
                                 value.size(),
                                 absl::BytesToHexString({value.data(), kQuotedBytes})));
  }
  if (write < writes.oldest || write > writes.newest) {
    return Wrong(absl::StrFormat("the value of write %d", write));
  }
  return absl::OkStatus();
}

}  // namespace rcukv::loadtest
