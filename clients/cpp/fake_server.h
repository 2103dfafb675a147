// A server for tests of the client: std::map behind the generated service, in this
// process.

#ifndef RCUKV_CLIENTS_CPP_FAKE_SERVER_H_
#define RCUKV_CLIENTS_CPP_FAKE_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <climits>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "proto/rcukv/v1/admin.grpc.pb.h"
#include "proto/rcukv/v1/kv.grpc.pb.h"

namespace rcukv {

// Thread-safe. Knows the table "default" only.
class FakeServer {
 public:
  FakeServer();
  // Stops it.
  ~FakeServer();

  // "127.0.0.1:port", of both services.
  const std::string& address() const { return address_; }

  // From now on no call can be made.
  void Stop();

  // From now on a call is answered only after Release(), or never when its client gives
  // up.
  void Hold();
  void Release();
  // Waits until so many calls are held.
  void AwaitHeld(int calls);
  // Waits until no call is held: all were released, or given up by their clients.
  void AwaitNoneHeld();

  // Put, and each Put of a BatchWrite, asks this first, and fails with what it returns.
  void FailPutsWith(std::function<grpc::Status(const v1::PutRequest&)> failure);

  // BatchWrite asks this first, and fails as a whole with what it returns.
  void FailBatchWritesWith(
      std::function<grpc::Status(const v1::BatchWriteRequest&)> failure);

  // From now on a BatchWrite leaves out its last result.
  void LoseAResult();

  // Txn answers what this does.
  void AnswerTxnsWith(
      std::function<grpc::Status(const v1::TxnRequest&, v1::TxnResponse*)> answer);

  // Get, BatchGet and each request of StreamBatchGet ask this first, and fail with what
  // it returns.
  void FailGetsWith(std::function<grpc::Status(const v1::BatchGetRequest&)> failure);

  // From now on a StreamBatchGet ends after so many answers; 0: it is not known at all.
  void EndStreamsAfter(int answers);

  // The keys of each Get, BatchGet and request of StreamBatchGet, in the order in which
  // they came; and how many of them were a Get or BatchGet.
  std::vector<std::vector<std::string>> Reads() const;
  int unary_reads() const;
  // StreamBatchGets that were begun.
  int streams() const;

  // The keys of each Put, Delete and BatchWrite, in the order in which they came,
  // whatever became of them.
  std::vector<std::vector<std::string>> Writes() const;

  // The most calls that were under way at once, and the most writes in them.
  int max_concurrent_calls() const;
  int max_concurrent_writes() const;

  std::map<std::string, std::string> Contents() const;

 private:
  class KeyValueImpl;
  class AdminImpl;

  struct Stored {
    std::string value;
    uint64_t mod_revision = 0;
    uint64_t create_revision = 0;
  };

  // Around each call.
  class Visit;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool holding_ = false;
  int calls_ = 0;
  int held_ = 0;
  int max_calls_ = 0;
  int writes_under_way_ = 0;
  int max_writes_ = 0;
  std::function<grpc::Status(const v1::PutRequest&)> put_failure_;
  std::function<grpc::Status(const v1::BatchWriteRequest&)> batch_write_failure_;
  bool loses_a_result_ = false;
  std::function<grpc::Status(const v1::TxnRequest&, v1::TxnResponse*)> txn_answer_;
  std::function<grpc::Status(const v1::BatchGetRequest&)> get_failure_;
  int answers_per_stream_ = INT_MAX;
  std::vector<std::vector<std::string>> reads_;
  std::vector<std::vector<std::string>> writes_;
  int unary_reads_ = 0;
  int streams_ = 0;
  uint64_t revision_ = 0;
  std::map<std::string, Stored> entries_;
  v1::MembarrierMode membarrier_mode_ = v1::EXPEDITED;

  std::unique_ptr<KeyValueImpl> key_value_;
  std::unique_ptr<AdminImpl> admin_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_FAKE_SERVER_H_
