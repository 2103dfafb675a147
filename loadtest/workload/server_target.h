// A table of a server, over one connection.
#ifndef RCUKV_LOADTEST_WORKLOAD_SERVER_TARGET_H_
#define RCUKV_LOADTEST_WORKLOAD_SERVER_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cpp/client.h"
#include "loadtest/workload/target.h"

namespace rcukv::loadtest {

class ServerTarget : public Target {
 public:
  ServerTarget(std::unique_ptr<Client> client, std::string table)
      : client_(std::move(client)), table_(std::move(table)) {}

  const Client& client() const { return *client_; }
  const std::string& table() const { return table_; }

  absl::StatusOr<std::optional<Value>> Get(const std::string& key) override;
  void GetAsync(const std::string& key, GetDone done) override;
  absl::Status BatchGet(const std::vector<std::string>& keys,
                        absl::FunctionRef<void(Found)> use) override;
  void BatchGetAsync(const std::vector<std::string>& keys, BatchDone done) override;
  absl::StatusOr<uint64_t> Put(const std::string& key, const std::string& value,
                               std::optional<uint64_t> expected) override;
  absl::StatusOr<std::vector<Entry>> Scan(size_t entries) override;
  void Cancel() override { client_->Cancel(); }

 private:
  const std::unique_ptr<Client> client_;
  const std::string table_;
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_SERVER_TARGET_H_
