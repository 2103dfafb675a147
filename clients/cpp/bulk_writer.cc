#include "clients/cpp/bulk_writer.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "clients/cpp/key_value_connection.h"
#include "clients/cpp/write_gatherer.h"

namespace rcukv {

// One write under way.
struct BulkWriter::Write {
  std::string key;
  uint64_t id = 0;
  size_t bytes = 0;
  absl::Status status;
};

struct BulkWriter::Pipeline {
  Pipeline(std::shared_ptr<internal::Connection> connection, bool gather)
      : gatherer(std::move(connection), internal::WriteLimits::Gathered(gather)) {}

  void OnAnswered(Write* write, absl::Status status) {
    write->status = std::move(status);
    absl::MutexLock lock(&mutex);
    answered.push_back(write);
  }

  // Those that were answered since the last call: one at least.
  std::vector<Write*> AwaitAnswered() {
    const auto any = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
      return !answered.empty();
    };
    absl::MutexLock lock(&mutex, absl::Condition(&any));
    return std::exchange(answered, {});
  }

  // By key, so that there is never more than one of a key (guarantee A).
  absl::flat_hash_map<std::string_view, std::unique_ptr<Write>> writes;
  absl::Mutex mutex;
  std::vector<Write*> answered ABSL_GUARDED_BY(mutex);
  // Of its own, so that it does not hold up the client's writes, and may outlive it. Ends
  // first: its callbacks use the rest.
  internal::WriteGatherer gatherer;
};

BulkWriter::BulkWriter(const Client& client, BulkWriterOptions options)
    : options_(std::move(options)),
      pipeline_(std::make_unique<Pipeline>(client.connection_->shared_connection(),
                                           client.gather_writes_)) {}

BulkWriter::~BulkWriter() { Flush(); }

bool BulkWriter::Put(std::string_view key, std::string_view value, uint64_t id) {
  const size_t bytes = key.size() + value.size();
  while (!HasRoomFor(bytes) || pipeline_->writes.contains(key)) Await();

  auto write = std::make_unique<Write>();
  Write* const under_way = write.get();
  under_way->key = std::string(key);
  under_way->id = id;
  under_way->bytes = bytes;
  bytes_in_flight_ += bytes;
  pipeline_->writes.emplace(under_way->key, std::move(write));
  pipeline_->gatherer.WriteAsync(
      internal::EncodePut(key, value, {.table = options_.table}), options_.timeout,
      [pipeline = pipeline_.get(),
       under_way](const absl::StatusOr<internal::WriteOutcome>& outcome) {
        pipeline->OnAnswered(under_way, outcome.status());
      });
  return failures_.empty();
}

void BulkWriter::Flush() {
  while (!pipeline_->writes.empty()) Await();
}

std::vector<BulkWriter::Failure> BulkWriter::TakeFailures() {
  return std::exchange(failures_, {});
}

bool BulkWriter::HasRoomFor(size_t bytes) const {
  // A write larger than the window goes alone.
  return pipeline_->writes.empty() ||
         (pipeline_->writes.size() < options_.max_writes_in_flight &&
          bytes_in_flight_ + bytes <= options_.max_bytes_in_flight);
}

void BulkWriter::Await() {
  for (Write* const write : pipeline_->AwaitAnswered()) {
    bytes_in_flight_ -= write->bytes;
    if (write->status.ok()) {
      ++written_;
      written_bytes_ += write->bytes;
    } else {
      failures_.push_back(
          {.key = write->key, .id = write->id, .status = std::move(write->status)});
    }
    pipeline_->writes.erase(write->key);
  }
}

}  // namespace rcukv
