#include "server/store/faulty_file_system_for_test.h"

#include <filesystem>
#include <utility>

namespace rcukv {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::string path, std::unique_ptr<rocksdb::FSWritableFile> target,
             FaultyFileSystem* system)
      : FSWritableFileOwnerWrapper(std::move(target)),
        path_(std::move(path)),
        is_log_(path_.ends_with(".log")),
        system_(system) {
    system_->SetSynced(path_, 0);
  }

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    if (is_log_ && system_->fail_appends_) return IOStatus::NoSpace("told to");
    bytes_ += data.size();
    return target()->Append(data, options, debug);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Synced(target()->Sync(options, debug));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Synced(target()->Fsync(options, debug));
  }

 private:
  IOStatus Synced(const IOStatus& status) {
    if (is_log_ && system_->fail_syncs_) return IOStatus::IOError("told to");
    if (status.ok()) system_->SetSynced(path_, bytes_);
    return status;
  }

  const std::string path_;
  const bool is_log_;
  FaultyFileSystem* const system_;
  uint64_t bytes_ = 0;
};

FaultyFileSystem::FaultyFileSystem()
    : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& path,
                                           const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> real;
  IOStatus status = target()->NewWritableFile(path, options, &real, debug);
  if (status.ok()) *file = std::make_unique<FaultyFile>(path, std::move(real), this);
  return status;
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  {
    std::lock_guard lock(mutex_);
    auto node = synced_.extract(from);
    synced_.erase(to);
    if (!node.empty()) {
      node.key() = to;
      synced_.insert(std::move(node));
    }
  }
  return target()->RenameFile(from, to, options, debug);
}

void FaultyFileSystem::SetSynced(const std::string& path, uint64_t bytes) {
  std::lock_guard lock(mutex_);
  synced_[path] = bytes;
}

void FaultyFileSystem::CopySynced(const std::string& from, const std::string& to) {
  namespace fs = std::filesystem;
  fs::copy(from, to, fs::copy_options::recursive);
  std::lock_guard lock(mutex_);
  for (const auto& [path, bytes] : synced_) {
    if (!path.starts_with(from + "/")) continue;
    const std::string copy = to + path.substr(from.size());
    if (fs::exists(copy) && fs::file_size(copy) > bytes) fs::resize_file(copy, bytes);
  }
}

}  // namespace rcukv
