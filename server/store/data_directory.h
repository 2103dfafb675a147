// The directory of a durable store: whose it is, in which format, and who has it open.
//
//   DIR/lock      locked by the server that has it open; its process id
//   DIR/format    what the directory is, and the format's version
//   DIR/rocksdb/  the database
//
// A first start makes rocksdb.new, then writes `format`, then renames rocksdb.new. So a
// start that was cut short is told from a directory that has lost its database: the next
// one begins anew, or only renames; nobody has been answered yet.
#ifndef RCUKV_SERVER_STORE_DATA_DIRECTORY_H_
#define RCUKV_SERVER_STORE_DATA_DIRECTORY_H_

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rcukv {

// Locked for as long as it lives.
//
// Thread safety: one thread at a time.
class DataDirectory {
 public:
  // What this version writes, and the newest that it reads.
  static constexpr int kFormat = 1;

  // For those who make one otherwise than by Open: what is in it, and what its file
  // `format` says.
  static constexpr char kDatabase[] = "rocksdb";
  static constexpr char kFormatFile[] = "format";
  static std::string FormatText();

  // Opens `path`, which is made where there is none; in an empty directory
  // create_database(PATH) is to make an empty database. Every error names the directory
  // and what to do:
  //   FAILED_PRECONDITION  it holds files of somebody else, or is of a newer format
  //   UNAVAILABLE          another server has it open, or the system fails: a full disk
  //   PERMISSION_DENIED    the user may not write it
  //   DATA_LOSS            it is damaged
  //   and those of create_database
  static absl::StatusOr<DataDirectory> Open(
      const std::string& path,
      absl::FunctionRef<absl::Status(const std::string&)> create_database);

  DataDirectory(DataDirectory&& other) noexcept
      : path_(std::move(other.path_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}
  DataDirectory& operator=(DataDirectory&&) = delete;
  ~DataDirectory();

  const std::string& path() const { return path_; }
  // Exists, and is a database that create_database has made.
  std::string database_path() const;

 private:
  DataDirectory(std::string path, int lock_fd)
      : path_(std::move(path)), lock_fd_(lock_fd) {}

  std::string path_;
  int lock_fd_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_DATA_DIRECTORY_H_
