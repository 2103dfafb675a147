#include "server/store/data_directory.h"

#include <dirent.h>
#include <dlfcn.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/temporary_directory_for_test.h"

namespace {

// Called once, when the first name in some directory is about to be read.
std::function<void()> before_first_name;

// What was synced.
std::set<std::string>& Synced() {
  static std::set<std::string> paths;
  return paths;
}

}  // namespace

// These two are in the place of the system's, for all that is linked here.

extern "C" dirent* readdir(DIR* directory) {
  if (before_first_name) std::exchange(before_first_name, nullptr)();
  using Readdir = dirent*(DIR*);
  static const auto real = reinterpret_cast<Readdir*>(dlsym(RTLD_NEXT, "readdir"));
  return real(directory);
}

extern "C" int fsync(int fd) {
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  std::error_code error;
  Synced().insert(std::filesystem::read_symlink(link, error).string());
  return static_cast<int>(syscall(SYS_fsync, fd));
}

namespace rcukv {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

class DataDirectoryTest : public testing::Test {
 protected:
  absl::StatusOr<DataDirectory> Open(const std::string& path) {
    return DataDirectory::Open(path, [this](const std::string& database) {
      ++created_;
      fs::create_directory(database);
      return create_result_;
    });
  }
  absl::StatusOr<DataDirectory> Open() { return Open(parent_.In("data")); }

  void ExpectRefused(absl::StatusCode code, const std::vector<std::string>& parts) {
    const absl::Status status = Open().status();
    EXPECT_EQ(status.code(), code) << status;
    const std::string message(status.message());
    EXPECT_THAT(message, AllOf(HasSubstr(parent_.In("data")), HasSubstr("--data_dir")));
    for (const std::string& part : parts) EXPECT_THAT(message, HasSubstr(part));
  }

  TemporaryDirectory parent_;
  int created_ = 0;
  absl::Status create_result_;
};

TEST_F(DataDirectoryTest, IsMadeOnceAndFoundAgain) {
  for (int i = 0; i < 3; ++i) {
    const auto directory = Open();
    ASSERT_TRUE(directory.ok()) << directory.status();
    EXPECT_TRUE(fs::is_directory(directory->database_path()));
  }
  EXPECT_EQ(created_, 1);
}

TEST_F(DataDirectoryTest, IsMadeInAnEmptyDirectoryToo) {
  fs::create_directory(parent_.In("data"));
  EXPECT_TRUE(Open().ok());
}

TEST_F(DataDirectoryTest, EachNewDirectoryAboveItIsSyncedIntoTheOneAboveThat) {
  const std::string top = fs::canonical(parent_.path());
  create_result_ = absl::UnavailableError("killed");
  // The second start finds them, and does not know whether the first came to sync them.
  for (const char* path : {"a/b/c", "a/b/c", "d/e/"}) {
    Synced().clear();
    EXPECT_EQ(Open(parent_.In(path)).status(), create_result_);
    EXPECT_THAT(Synced(),
                IsSupersetOf({top, (fs::path(top) / path).parent_path().string()}));
  }
  EXPECT_THAT(Synced(), Contains(top + "/d"));
}

TEST_F(DataDirectoryTest, IsMadeInAFreshFileSystemToo) {
  fs::create_directories(parent_.In("data/lost+found"));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(Open().ok());
  EXPECT_TRUE(fs::exists(parent_.In("data/lost+found")));
}

TEST_F(DataDirectoryTest, AFirstStartWhileAnotherOneLooksIsTheOneThatHasItOpen) {
  fs::create_directory(parent_.In("data"));
  std::optional<DataDirectory> other;
  before_first_name = [&] { other.emplace(Open().value()); };
  ExpectRefused(absl::StatusCode::kUnavailable, {"another server"});
  EXPECT_TRUE(other.has_value());
}

TEST_F(DataDirectoryTest, FilesOfSomebodyElseAreLeftAlone) {
  fs::create_directory(parent_.In("data"));
  parent_.Write("data/thesis.tex", "chapter one");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, {"thesis.tex", "not rcukv's"});
  EXPECT_FALSE(fs::exists(parent_.In("data/lock")));
  EXPECT_EQ(created_, 0);
}

TEST_F(DataDirectoryTest, ANewerFormatIsRefused) {
  ASSERT_TRUE(Open().ok());
  parent_.Write("data/format", "rcukv store, format 2\n");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, {"newer version", "format 2"});
}

TEST_F(DataDirectoryTest, AFormatThatSaysNothingIsDamage) {
  ASSERT_TRUE(Open().ok());
  for (const char* content : {"", "rcukv store, format 1", "rcukv store, format one\n",
                              "rcukv store, format 0\n", "another store\n"}) {
    parent_.Write("data/format", content);
    ExpectRefused(absl::StatusCode::kDataLoss, {"'format'"});
  }
}

TEST_F(DataDirectoryTest, ALostDatabaseIsDamageAndNotANewBeginning) {
  ASSERT_TRUE(Open().ok());
  fs::remove_all(parent_.In("data/rocksdb"));
  ExpectRefused(absl::StatusCode::kDataLoss, {"no rocksdb"});
  EXPECT_EQ(created_, 1);
}

TEST_F(DataDirectoryTest, ALostFormatIsNotANewBeginningEither) {
  ASSERT_TRUE(Open().ok());
  fs::remove(parent_.In("data/format"));
  ExpectRefused(absl::StatusCode::kFailedPrecondition, {"rocksdb", "'format'"});
  EXPECT_TRUE(fs::exists(parent_.In("data/rocksdb")));
}

TEST_F(DataDirectoryTest, OneServerHasItOpen) {
  std::optional<DataDirectory> first = Open().value();
  ExpectRefused(absl::StatusCode::kUnavailable,
                {"another server, process " + std::to_string(getpid())});
  first.reset();
  EXPECT_TRUE(Open().ok());
}

TEST_F(DataDirectoryTest, AStartThatWasCutShortIsDoneAgain) {
  create_result_ = absl::UnavailableError("killed");
  EXPECT_EQ(Open().status(), create_result_);
  EXPECT_TRUE(fs::exists(parent_.In("data/rocksdb.new")));
  create_result_ = absl::OkStatus();
  EXPECT_TRUE(Open().ok());
  EXPECT_EQ(created_, 2);

  // After it had written the format.
  fs::rename(parent_.In("data/rocksdb"), parent_.In("data/rocksdb.new"));
  EXPECT_TRUE(Open().ok());
  EXPECT_EQ(created_, 2);
}

TEST_F(DataDirectoryTest, AFullDiskIsNamedAndIsNoMatterOfRights) {
  fs::create_directory(parent_.In("data"));
  fs::create_symlink("/dev/full", parent_.In("data/format.new"));
  ExpectRefused(absl::StatusCode::kUnavailable,
                {"No space left on device", "mend that and start again"});
}

// Takes from this thread root's right to write everywhere; other users have none.
void ObeyPermissions() {
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2] = {};
  ASSERT_EQ(syscall(SYS_capset, &header, data), 0);
}

TEST_F(DataDirectoryTest, ADirectoryThatCannotBeWrittenIsNamed) {
  ASSERT_TRUE(Open().ok());
  fs::create_directory(parent_.In("other"));
  ObeyPermissions();
  ASSERT_EQ(chmod(parent_.In("data/lock").c_str(), 0444), 0);
  ASSERT_EQ(chmod(parent_.In("data").c_str(), 0555), 0);
  ExpectRefused(absl::StatusCode::kPermissionDenied, {"Permission denied"});
  ASSERT_EQ(chmod(parent_.path().c_str(), 0555), 0);
  EXPECT_EQ(Open(parent_.In("new")).status().code(), absl::StatusCode::kPermissionDenied);
  ASSERT_EQ(chmod(parent_.path().c_str(), 0755), 0);
  ASSERT_EQ(chmod(parent_.In("data").c_str(), 0755), 0);
}

}  // namespace
}  // namespace rcukv
