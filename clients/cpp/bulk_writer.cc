#include "clients/cpp/bulk_writer.h"

#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "clients/cpp/key_value_connection.h"

namespace rcukv {

// One write under way; its address is its tag in the completion queue.
struct BulkWriter::Write {
  std::string key;
  uint64_t id = 0;
  size_t bytes = 0;
  grpc::ClientContext context;
  std::optional<internal::OpenCalls::Entry> entry;
  v1::PutResponse response;
  grpc::Status status;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::PutResponse>> reader;
};

struct BulkWriter::Pipeline {
  std::shared_ptr<internal::KeyValueConnection> connection;
  grpc::CompletionQueue queue;
  v1::PutRequest request;  // Kept for its buffers.
  // By key, so that there is never more than one of a key (guarantee A).
  absl::flat_hash_map<std::string_view, std::unique_ptr<Write>> writes;
};

BulkWriter::BulkWriter(const Client& client, BulkWriterOptions options)
    : options_(std::move(options)), pipeline_(std::make_unique<Pipeline>()) {
  pipeline_->connection = client.connection_;
  pipeline_->request.set_table(options_.table);
}

BulkWriter::~BulkWriter() { Flush(); }

bool BulkWriter::Put(std::string_view key, std::string_view value, uint64_t id) {
  const size_t bytes = key.size() + value.size();
  while (!HasRoomFor(bytes) || pipeline_->writes.contains(key)) Await();

  v1::PutRequest& request = pipeline_->request;
  request.mutable_key()->assign(key.data(), key.size());
  request.mutable_value()->assign(value.data(), value.size());

  auto write = std::make_unique<Write>();
  Write* const tag = write.get();
  tag->key = request.key();
  tag->id = id;
  tag->bytes = bytes;
  const internal::KeyValueConnection& connection = *pipeline_->connection;
  connection.connection().SetDeadline(tag->context, options_.timeout);
  tag->entry.emplace(connection.connection().open_calls(), tag->context);
  tag->reader = connection.stub().AsyncPut(&tag->context, request, &pipeline_->queue);
  tag->reader->Finish(&tag->response, &tag->status, tag);

  bytes_in_flight_ += bytes;
  pipeline_->writes.emplace(tag->key, std::move(write));
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
  void* tag = nullptr;
  bool ok = false;  // Always true for Finish; the outcome is in the status.
  pipeline_->queue.Next(&tag, &ok);
  Write& write = *static_cast<Write*>(tag);
  bytes_in_flight_ -= write.bytes;
  if (write.status.ok()) {
    ++written_;
    written_bytes_ += write.bytes;
  } else {
    const internal::Connection& connection = pipeline_->connection->connection();
    failures_.push_back(
        {.key = write.key,
         .id = write.id,
         .status = connection.ToStatus(write.status, "Put", options_.timeout)});
  }
  pipeline_->writes.erase(write.key);
}

}  // namespace rcukv
