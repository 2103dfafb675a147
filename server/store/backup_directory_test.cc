#include "server/store/backup_directory.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/data_directory.h"
#include "server/store/temporary_directory_for_test.h"

namespace {

// What was synced, by the names it had then.
std::vector<std::string>& Synced() {
  static std::vector<std::string> paths;
  return paths;
}

}  // namespace

// In the place of the system's, for all that is linked here.
extern "C" int fsync(int fd) {
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  std::error_code error;
  Synced().push_back(std::filesystem::read_symlink(link, error).string());
  return static_cast<int>(syscall(SYS_fsync, fd));
}

namespace rcukv {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

class BackupDirectoryTest : public testing::Test {
 protected:
  BackupDirectory Create() {
    absl::StatusOr<BackupDirectory> copy = BackupDirectory::Create(path_);
    EXPECT_TRUE(copy.ok()) << copy.status();
    return *std::move(copy);
  }
  static void WriteDatabase(const BackupDirectory& copy) {
    fs::create_directory(copy.database_path());
    std::ofstream(copy.database_path() + "/file") << "12345";
  }
  size_t Files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_.path()), {}));
  }

  TemporaryDirectory folder_;
  const std::string path_ = folder_.In("copy");
};

TEST_F(BackupDirectoryTest, HasItsNameOnlyWhenItIsFinished) {
  BackupDirectory copy = Create();
  WriteDatabase(copy);
  ASSERT_TRUE(copy.WriteFormat().ok());
  EXPECT_FALSE(fs::exists(path_));
  EXPECT_EQ(copy.Finish().value(), 5 + DataDirectory::FormatText().size());
  EXPECT_TRUE(fs::exists(path_ + "/rocksdb/file"));
  EXPECT_EQ(Files(), 1u);
}

// A loss of power leaves nothing of that name, or all of it.
TEST_F(BackupDirectoryTest, EverythingIsSyncedBeforeItHasItsNameAndThatAfterwards) {
  BackupDirectory copy = Create();
  WriteDatabase(copy);
  ASSERT_TRUE(copy.WriteFormat().ok());
  const std::string partial = fs::canonical(copy.partial_path()).string();
  Synced().clear();
  ASSERT_TRUE(copy.Finish().ok());
  EXPECT_THAT(Synced(), IsSupersetOf({partial, partial + "/format", partial + "/rocksdb",
                                      partial + "/rocksdb/file"}));
  EXPECT_EQ(Synced().back(), fs::canonical(folder_.path()).string());
}

TEST_F(BackupDirectoryTest, IsADataDirectory) {
  {
    BackupDirectory copy = Create();
    WriteDatabase(copy);
    ASSERT_TRUE(copy.WriteFormat().ok());
    ASSERT_TRUE(copy.Finish().ok());
  }
  const auto opened = DataDirectory::Open(path_, [](const std::string&) {
    return absl::InternalError("it is taken for a new one");
  });
  EXPECT_TRUE(opened.ok()) << opened.status();
}

TEST_F(BackupDirectoryTest, LeavesNothingWhereItIsNotFinished) {
  {
    BackupDirectory copy = Create();
    WriteDatabase(copy);
    EXPECT_EQ(Files(), 1u);
  }
  EXPECT_EQ(Files(), 0u);
}

TEST_F(BackupDirectoryTest, WhatIsThereStays) {
  for (const bool is_file : {true, false}) {
    fs::remove_all(path_);
    is_file ? folder_.Write("copy", "x") : void(fs::create_directory(path_));
    const absl::Status status = BackupDirectory::Create(path_).status();
    EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
    EXPECT_EQ(Files(), 1u);
  }
}

TEST_F(BackupDirectoryTest, WhatHasComeMeanwhileStays) {
  BackupDirectory copy = Create();
  WriteDatabase(copy);
  fs::create_directory(path_);
  const absl::Status status = copy.Finish().status();
  EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  EXPECT_TRUE(fs::is_empty(path_));
}

TEST_F(BackupDirectoryTest, WhatItIsToBeInMustBeThere) {
  for (const char* path : {"no/copy", "file/copy"}) {
    folder_.Write("file", "");
    const absl::Status status = BackupDirectory::Create(folder_.In(path)).status();
    EXPECT_TRUE(absl::IsNotFound(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(folder_.In(path)));
  }
}

}  // namespace
}  // namespace rcukv
