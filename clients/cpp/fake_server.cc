#include "clients/cpp/fake_server.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace rcukv {
namespace {

constexpr uint32_t kDefaultPageSize = 1000;
// So that a client which gave up is noticed.
constexpr std::chrono::milliseconds kHeldPoll{5};

bool NoTable(const std::string& table) { return !table.empty() && table != "default"; }

grpc::Status UnknownTable(const std::string& table) {
  return {grpc::StatusCode::NOT_FOUND, "no table \"" + table + "\""};
}

}  // namespace

// Counts the call and its writes, and holds it while calls are to be held.
class FakeServer::Visit {
 public:
  Visit(FakeServer& fake, const grpc::ServerContext& context, int writes = 0)
      : fake_(fake), writes_(writes) {
    std::unique_lock lock(fake_.mutex_);
    fake_.max_calls_ = std::max(fake_.max_calls_, ++fake_.calls_);
    fake_.writes_under_way_ += writes_;
    fake_.max_writes_ = std::max(fake_.max_writes_, fake_.writes_under_way_);
    ++fake_.held_;
    fake_.changed_.notify_all();
    while (fake_.holding_ && !context.IsCancelled()) {
      fake_.changed_.wait_for(lock, kHeldPoll);
    }
    --fake_.held_;
    fake_.changed_.notify_all();
  }
  ~Visit() {
    std::lock_guard lock(fake_.mutex_);
    --fake_.calls_;
    fake_.writes_under_way_ -= writes_;
  }

 private:
  FakeServer& fake_;
  const int writes_;
};

class FakeServer::KeyValueImpl : public v1::KeyValueService::Service {
 public:
  explicit KeyValueImpl(FakeServer& fake) : fake_(fake) {}

  grpc::Status Get(grpc::ServerContext* context, const v1::GetRequest* request,
                   v1::GetResponse* response) override {
    const Visit visit(fake_, *context);
    v1::BatchGetRequest batch;
    batch.set_table(request->table());
    batch.add_keys(request->key());
    std::lock_guard lock(fake_.mutex_);
    ++fake_.unary_reads_;
    if (grpc::Status refused = Admit(batch); !refused.ok()) return refused;
    const auto found = fake_.entries_.find(request->key());
    if (found != fake_.entries_.end()) Fill(*found, *response->mutable_entry());
    return grpc::Status::OK;
  }

  grpc::Status BatchGet(grpc::ServerContext* context, const v1::BatchGetRequest* request,
                        v1::BatchGetResponse* response) override {
    const Visit visit(fake_, *context);
    std::lock_guard lock(fake_.mutex_);
    ++fake_.unary_reads_;
    return Answer(*request, response);
  }

  grpc::Status StreamBatchGet(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::BatchGetResponse, v1::BatchGetRequest>* stream)
      override {
    int answers = 0;
    {
      std::lock_guard lock(fake_.mutex_);
      ++fake_.streams_;
    }
    v1::BatchGetRequest request;
    while (answers < AnswersPerStream() && stream->Read(&request)) {
      const Visit visit(fake_, *context);
      v1::BatchGetResponse response;
      {
        std::lock_guard lock(fake_.mutex_);
        if (grpc::Status refused = Answer(request, &response); !refused.ok()) {
          return refused;
        }
      }
      stream->Write(response);
      ++answers;
    }
    if (answers > 0) return grpc::Status::OK;
    return {grpc::StatusCode::UNIMPLEMENTED, ""};
  }

  grpc::Status Put(grpc::ServerContext* context, const v1::PutRequest* request,
                   v1::PutResponse* response) override {
    const Visit visit(fake_, *context, /*writes=*/1);
    std::lock_guard lock(fake_.mutex_);
    fake_.writes_.push_back({request->key()});
    return Store(*request, response);
  }

  grpc::Status Delete(grpc::ServerContext* context, const v1::DeleteRequest* request,
                      v1::DeleteResponse* response) override {
    const Visit visit(fake_, *context, /*writes=*/1);
    std::lock_guard lock(fake_.mutex_);
    fake_.writes_.push_back({request->key()});
    return Erase(*request, response);
  }

  grpc::Status BatchWrite(grpc::ServerContext* context,
                          const v1::BatchWriteRequest* request,
                          v1::BatchWriteResponse* response) override {
    const Visit visit(fake_, *context, request->writes_size());
    std::lock_guard lock(fake_.mutex_);
    std::vector<std::string>& keys = fake_.writes_.emplace_back();
    for (const v1::BatchWriteRequest::Write& write : request->writes()) {
      keys.push_back(write.has_put() ? write.put().key() : write.delete_().key());
    }
    if (fake_.batch_write_failure_) {
      grpc::Status failure = fake_.batch_write_failure_(*request);
      if (!failure.ok()) return failure;
    }
    for (const v1::BatchWriteRequest::Write& write : request->writes()) {
      DoWrite(write, *response->add_results());
    }
    if (fake_.loses_a_result_) response->mutable_results()->RemoveLast();
    return grpc::Status::OK;
  }

  grpc::Status Txn(grpc::ServerContext* context, const v1::TxnRequest* request,
                   v1::TxnResponse* response) override {
    const Visit visit(fake_, *context);
    std::lock_guard lock(fake_.mutex_);
    if (fake_.txn_answer_) return fake_.txn_answer_(*request, response);
    return {grpc::StatusCode::UNIMPLEMENTED, ""};
  }

  // A page token is the first key of the page. Each page but the first is preceded by an
  // empty one, as the API allows.
  grpc::Status Scan(grpc::ServerContext* context, const v1::ScanRequest* request,
                    v1::ScanResponse* response) override {
    const Visit visit(fake_, *context);
    if (NoTable(request->table())) return UnknownTable(request->table());
    const std::string& token = request->page_token();
    if (token.starts_with("empty:")) {
      response->set_next_page_token(token.substr(6));
      return grpc::Status::OK;
    }
    const int page_size = static_cast<int>(
        request->page_size() == 0 ? kDefaultPageSize : request->page_size());
    std::lock_guard lock(fake_.mutex_);
    for (auto entry = fake_.entries_.lower_bound(token); entry != fake_.entries_.end();
         ++entry) {
      if (!entry->first.starts_with(request->prefix())) continue;
      if (response->entries_size() == page_size) {
        response->set_next_page_token("empty:" + entry->first);
        return grpc::Status::OK;
      }
      v1::Entry& filled = *response->add_entries();
      Fill(*entry, filled);
      if (request->keys_only()) filled.clear_value();
    }
    return grpc::Status::OK;
  }

 private:
  int AnswersPerStream() {
    std::lock_guard lock(fake_.mutex_);
    return fake_.answers_per_stream_;
  }

  // fake_.mutex_ is held for these.
  grpc::Status Store(const v1::PutRequest& request, v1::PutResponse* response) {
    if (NoTable(request.table())) return UnknownTable(request.table());
    if (fake_.put_failure_) {
      grpc::Status failure = fake_.put_failure_(request);
      if (!failure.ok()) return failure;
    }
    if (grpc::Status failure = CheckExpectation(request); !failure.ok()) return failure;
    Stored& stored = fake_.entries_[request.key()];
    stored.value = request.value();
    stored.mod_revision = ++fake_.revision_;
    if (stored.create_revision == 0) stored.create_revision = stored.mod_revision;
    response->set_revision(stored.mod_revision);
    return grpc::Status::OK;
  }

  grpc::Status Erase(const v1::DeleteRequest& request, v1::DeleteResponse* response) {
    if (NoTable(request.table())) return UnknownTable(request.table());
    if (grpc::Status failure = CheckExpectation(request); !failure.ok()) return failure;
    response->set_deleted(fake_.entries_.erase(request.key()) == 1);
    response->set_revision(response->deleted() ? ++fake_.revision_ : fake_.revision_);
    return grpc::Status::OK;
  }

  // Of a PutRequest or DeleteRequest.
  template <typename Request>
  grpc::Status CheckExpectation(const Request& request) const {
    const auto found = fake_.entries_.find(request.key());
    const uint64_t revision =
        found == fake_.entries_.end() ? 0 : found->second.mod_revision;
    if (!request.has_expected_mod_revision() ||
        request.expected_mod_revision() == revision) {
      return grpc::Status::OK;
    }
    return {grpc::StatusCode::FAILED_PRECONDITION,
            "mod_revision is " + std::to_string(revision)};
  }

  void DoWrite(const v1::BatchWriteRequest::Write& write,
               v1::BatchWriteResponse::Result& result) {
    const grpc::Status status = write.has_put()
                                    ? Store(write.put(), result.mutable_put())
                                    : Erase(write.delete_(), result.mutable_delete_());
    if (status.ok()) return;
    result.mutable_error()->set_code(status.error_code());
    result.mutable_error()->set_message(status.error_message());
  }

  grpc::Status Admit(const v1::BatchGetRequest& request) {
    fake_.reads_.emplace_back(request.keys().begin(), request.keys().end());
    if (NoTable(request.table())) return UnknownTable(request.table());
    return fake_.get_failure_ ? fake_.get_failure_(request) : grpc::Status::OK;
  }

  grpc::Status Answer(const v1::BatchGetRequest& request,
                      v1::BatchGetResponse* response) {
    if (grpc::Status refused = Admit(request); !refused.ok()) return refused;
    for (const std::string& key : request.keys()) {
      v1::BatchGetResponse::Result& result = *response->add_results();
      const auto found = fake_.entries_.find(key);
      if (found == fake_.entries_.end()) continue;
      result.set_found(true);
      result.set_value(found->second.value);
      result.set_mod_revision(found->second.mod_revision);
    }
    return grpc::Status::OK;
  }

  static void Fill(const std::pair<const std::string, Stored>& from, v1::Entry& to) {
    to.set_key(from.first);
    to.set_value(from.second.value);
    to.set_mod_revision(from.second.mod_revision);
    to.set_create_revision(from.second.create_revision);
  }

  FakeServer& fake_;
};

class FakeServer::AdminImpl : public v1::AdminService::Service {
 public:
  explicit AdminImpl(FakeServer& fake) : fake_(fake) {}

  grpc::Status GetStatus(grpc::ServerContext* context, const v1::GetStatusRequest*,
                         v1::GetStatusResponse* response) override {
    const Visit visit(fake_, *context);
    std::lock_guard lock(fake_.mutex_);
    response->set_version("1.2.3");
    response->set_membarrier_mode(fake_.membarrier_mode_);
    response->set_revision(fake_.revision_);
    return grpc::Status::OK;
  }

  grpc::Status UpdateReclamation(grpc::ServerContext* context,
                                 const v1::UpdateReclamationRequest* request,
                                 v1::UpdateReclamationResponse* response) override {
    const Visit visit(fake_, *context);
    std::lock_guard lock(fake_.mutex_);
    response->set_previous_membarrier_mode(fake_.membarrier_mode_);
    fake_.membarrier_mode_ = request->membarrier_mode();
    return grpc::Status::OK;
  }

  grpc::Status DeleteTable(grpc::ServerContext*, const v1::DeleteTableRequest* request,
                           v1::DeleteTableResponse*) override {
    return UnknownTable(request->name());
  }

  grpc::Status RunLookups(grpc::ServerContext* context,
                          const v1::RunLookupsRequest* request,
                          v1::RunLookupsResponse* response) override {
    const Visit visit(fake_, *context);
    // Tells what time the client left for the call.
    const auto left = context->deadline() - std::chrono::system_clock::now();
    response->set_seconds(std::chrono::duration<double>(left).count());
    response->set_lookups(request->duration_ms());
    return grpc::Status::OK;
  }

 private:
  FakeServer& fake_;
};

FakeServer::FakeServer()
    : key_value_(std::make_unique<KeyValueImpl>(*this)),
      admin_(std::make_unique<AdminImpl>(*this)) {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterService(key_value_.get());
  builder.RegisterService(admin_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) std::abort();
  address_ = "127.0.0.1:" + std::to_string(port);
}

FakeServer::~FakeServer() { Stop(); }

void FakeServer::Stop() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

void FakeServer::Hold() {
  std::lock_guard lock(mutex_);
  holding_ = true;
}

void FakeServer::Release() {
  std::lock_guard lock(mutex_);
  holding_ = false;
  changed_.notify_all();
}

void FakeServer::AwaitHeld(int calls) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return held_ >= calls; });
}

void FakeServer::AwaitNoneHeld() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return held_ == 0; });
}

void FakeServer::FailPutsWith(
    std::function<grpc::Status(const v1::PutRequest&)> failure) {
  std::lock_guard lock(mutex_);
  put_failure_ = std::move(failure);
}

void FakeServer::FailBatchWritesWith(
    std::function<grpc::Status(const v1::BatchWriteRequest&)> failure) {
  std::lock_guard lock(mutex_);
  batch_write_failure_ = std::move(failure);
}

void FakeServer::LoseAResult() {
  std::lock_guard lock(mutex_);
  loses_a_result_ = true;
}

void FakeServer::AnswerTxnsWith(
    std::function<grpc::Status(const v1::TxnRequest&, v1::TxnResponse*)> answer) {
  std::lock_guard lock(mutex_);
  txn_answer_ = std::move(answer);
}

void FakeServer::FailGetsWith(
    std::function<grpc::Status(const v1::BatchGetRequest&)> failure) {
  std::lock_guard lock(mutex_);
  get_failure_ = std::move(failure);
}

void FakeServer::EndStreamsAfter(int answers) {
  std::lock_guard lock(mutex_);
  answers_per_stream_ = answers;
}

std::vector<std::vector<std::string>> FakeServer::Reads() const {
  std::lock_guard lock(mutex_);
  return reads_;
}

int FakeServer::unary_reads() const {
  std::lock_guard lock(mutex_);
  return unary_reads_;
}

int FakeServer::streams() const {
  std::lock_guard lock(mutex_);
  return streams_;
}

std::vector<std::vector<std::string>> FakeServer::Writes() const {
  std::lock_guard lock(mutex_);
  return writes_;
}

int FakeServer::max_concurrent_calls() const {
  std::lock_guard lock(mutex_);
  return max_calls_;
}

int FakeServer::max_concurrent_writes() const {
  std::lock_guard lock(mutex_);
  return max_writes_;
}

std::map<std::string, std::string> FakeServer::Contents() const {
  std::lock_guard lock(mutex_);
  std::map<std::string, std::string> contents;
  for (const auto& [key, stored] : entries_) contents[key] = stored.value;
  return contents;
}

}  // namespace rcukv
