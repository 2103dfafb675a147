#include "loadtest/soak/soak_readers.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcukv::loadtest {
namespace {

// Compares an answer with what may have been written since `oldest` was the newest.
// `answer` is a Value, or one in its answer.
template <class SomeValue>
void Check(const SoakReading& reading, size_t index, uint64_t oldest,
           const std::optional<SomeValue>& answer) {
  std::optional<std::string_view> value;
  if (answer.has_value()) value = answer->value;
  reading.tally.Check(
      reading.data.Check(index, value, {oldest, reading.ledger.begun(index)}));
}

// One key of a batch.
struct Asked {
  size_t index;
  uint64_t oldest;
};

}  // namespace

GetChains::GetChains(const SoakReading& reading, size_t chains, uint64_t seed)
    : reading_(reading), running_(chains) {
  for (size_t chain = 0; chain < chains; ++chain) {
    random_.emplace_back(Mix(seed ^ Mix(chain)));
  }
  for (size_t chain = 0; chain < chains; ++chain) Get(chain);
}

GetChains::~GetChains() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](size_t* running) { return *running == 0; }, &running_));
}

void GetChains::Get(size_t chain) {
  const size_t index = random_[chain].Below(reading_.data.keys());
  const uint64_t oldest = reading_.ledger.settled(index);
  reading_.client.GetAsync(
      reading_.data.Key(index), {},
      [this, chain, index, oldest](absl::StatusOr<std::optional<Value>> answer) {
        if (answer.ok()) {
          Check(reading_, index, oldest, *answer);
          reading_.tally.AddGets(1);
        } else {
          reading_.tally.Fail(answer.status());
        }
        reading_.tally.stopping() ? End() : Get(chain);
      });
}

void GetChains::End() {
  absl::MutexLock lock(&mutex_);
  --running_;
}

void ReadBatches(const SoakReading& reading, size_t batch, uint64_t seed) {
  Random random(seed);
  std::vector<Asked> asked(batch);
  std::vector<std::string> keys(batch);
  while (!reading.tally.stopping()) {
    for (size_t i = 0; i < batch; ++i) {
      const size_t index = random.Below(reading.data.keys());
      asked[i] = {index, reading.ledger.settled(index)};
      keys[i] = reading.data.Key(index);
    }
    const absl::StatusOr<Values> answers = reading.client.BatchGet(keys);
    if (!answers.ok()) return reading.tally.Fail(answers.status());
    for (size_t i = 0; i < batch; ++i) {
      Check(reading, asked[i].index, asked[i].oldest, (*answers)[i]);
    }
    reading.tally.AddBatchedGets(batch);
  }
}

}  // namespace rcukv::loadtest
