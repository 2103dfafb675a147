// Reads the entries of a table one by one, in no particular order, fetching page after
// page.
//
//   rcukv::Scanner scanner = client->Scan({.prefix = "lib"});
//   while (const rcukv::Entry* entry = scanner.Next()) Use(*entry);
//   if (!scanner.status().ok()) return scanner.status();
//
// A key that exists during the whole scan is returned exactly once; one that is put or
// deleted meanwhile may or may not be. One page is held in memory at a time.
//
// Thread safety: a scanner belongs to one thread at a time.

#ifndef RCUKV_CLIENTS_CPP_SCANNER_H_
#define RCUKV_CLIENTS_CPP_SCANNER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cpp/entry.h"
#include "clients/cpp/options.h"

namespace rcukv {

namespace internal {
class KeyValueConnection;
}  // namespace internal

class Scanner {
 public:
  Scanner(Scanner&&) = default;
  Scanner& operator=(Scanner&&) = default;

  // The next entry, good until the next call; nullptr at the end and after an error.
  const Entry* Next();

  // OK unless the scan was cut short.
  const absl::Status& status() const { return status_; }

 private:
  friend class Client;

  Scanner(std::shared_ptr<internal::KeyValueConnection> connection, ScanOptions options);

  // Replaces page_ by the one at page_token_.
  void FetchPage();

  std::shared_ptr<internal::KeyValueConnection> connection_;
  ScanOptions options_;
  std::vector<Entry> page_;
  size_t position_ = 0;  // In page_, of the entry to return next.
  std::string page_token_;
  bool finished_ = false;  // There is no page after page_.
  absl::Status status_;
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_SCANNER_H_
