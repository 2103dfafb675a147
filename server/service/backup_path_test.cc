#include "server/service/backup_path.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;

void ExpectInvalid(const std::string& backup_dir, const std::string& directory,
                   const std::string& why) {
  const absl::Status status = BackupPath(backup_dir, directory).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << directory << ": " << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(why));
  EXPECT_THAT(std::string(status.message()), HasSubstr("directory: '"));
}

TEST(BackupPathTest, WithoutABackupDirItIsAbsolute) {
  EXPECT_EQ(BackupPath("", "/a/b").value(), "/a/b");
  EXPECT_EQ(BackupPath("", "/a//./b/").value(), "/a/b");
  ExpectInvalid("", "b", "--backup_dir");
}

TEST(BackupPathTest, WithABackupDirItIsBelowThat) {
  EXPECT_EQ(BackupPath("/backups", "b").value(), "/backups/b");
  EXPECT_EQ(BackupPath("/backups/", "a/b/").value(), "/backups/a/b");
  ExpectInvalid("/backups", "/backups/b", "/backups");
  ExpectInvalid("/backups", "/etc", "is absolute");
}

TEST(BackupPathTest, NothingLeadsOut) {
  ExpectInvalid("/backups", "..", "..");
  ExpectInvalid("/backups", "a/../../etc", "..");
  ExpectInvalid("", "/a/../b", "..");
}

TEST(BackupPathTest, ItNamesADirectory) {
  for (const char* directory : {"", ".", "/", "./", "//"}) {
    ExpectInvalid("/backups", directory, "names no directory");
    ExpectInvalid("", directory, "names no directory");
  }
  ExpectInvalid("", std::string("/a\0b", 4), "NUL");
}

}  // namespace
}  // namespace rcukv
