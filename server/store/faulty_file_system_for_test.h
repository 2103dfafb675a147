// A file system under RocksDB that fails when told to, and that knows what would be left
// of its files after a loss of power.
#ifndef RCUKV_SERVER_STORE_FAULTY_FILE_SYSTEM_FOR_TEST_H_
#define RCUKV_SERVER_STORE_FAULTY_FILE_SYSTEM_FOR_TEST_H_

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace rcukv {

// Thread safety: every method may be called by any thread at any time.
class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem();

  const char* Name() const override { return "FaultyFileSystem"; }

  // From now on every append to, or every sync of, a write-ahead log fails.
  void FailAppends() { fail_appends_ = true; }
  void FailSyncs() { fail_syncs_ = true; }
  void StopFailing() { fail_appends_ = fail_syncs_ = false; }

  // Copies a directory as it would be found after a loss of power at this moment: of each
  // file that was made here, what was synced.
  void CopySynced(const std::string& from, const std::string& to);

  // FileSystem's.
  rocksdb::IOStatus NewWritableFile(const std::string& path,
                                    const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  friend class FaultyFile;

  void SetSynced(const std::string& path, uint64_t bytes);

  std::atomic<bool> fail_appends_{false};
  std::atomic<bool> fail_syncs_{false};
  std::mutex mutex_;
  // Bytes by path. Guarded by mutex_.
  std::map<std::string, uint64_t> synced_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_FAULTY_FILE_SYSTEM_FOR_TEST_H_
