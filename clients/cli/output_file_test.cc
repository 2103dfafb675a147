#include "clients/cli/output_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::cli {
namespace {

using ::testing::HasSubstr;

namespace fs = std::filesystem;

class OutputFileTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) / test->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Path() const { return folder_ / "file"; }
  size_t Files() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }
  static std::string Contents(const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  absl::Status WriteFile(const std::string& text, bool overwrite) {
    auto file = OutputFile::Create(Path(), overwrite);
    if (!file.ok()) return file.status();
    if (absl::Status status = file->Write(text); !status.ok()) return status;
    return file->Finish();
  }

  fs::path folder_;
};

TEST_F(OutputFileTest, IsThereWhenItIsFinishedAndNotBefore) {
  auto file = OutputFile::Create(Path(), false);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->Write("some").ok());
  ASSERT_TRUE(file->Write("thing").ok());
  EXPECT_FALSE(fs::exists(Path()));
  ASSERT_TRUE(file->Finish().ok());
  EXPECT_EQ(Contents(Path()), "something");
  EXPECT_EQ(Files(), 1u);
}

TEST_F(OutputFileTest, LeavesNothingWhereItIsNotFinished) {
  {
    auto file = OutputFile::Create(Path(), false);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE(file->Write("some").ok());
    EXPECT_EQ(Files(), 1u);
  }
  EXPECT_EQ(Files(), 0u);
}

TEST_F(OutputFileTest, OverwritesOnlyWhereItIsAskedTo) {
  ASSERT_TRUE(WriteFile("old", false).ok());
  const absl::Status refused = WriteFile("new", false);
  EXPECT_TRUE(absl::IsAlreadyExists(refused)) << refused;
  EXPECT_EQ(Contents(Path()), "old");
  EXPECT_TRUE(WriteFile("new", true).ok());
  EXPECT_EQ(Contents(Path()), "new");
  EXPECT_EQ(Files(), 1u);
}

TEST_F(OutputFileTest, DoesNotOverwriteWhatHasComeMeanwhile) {
  auto file = OutputFile::Create(Path(), false);
  ASSERT_TRUE(file.ok()) << file.status();
  std::ofstream(Path()) << "another's";
  EXPECT_TRUE(absl::IsAlreadyExists(file->Finish()));
  EXPECT_EQ(Contents(Path()), "another's");
}

TEST_F(OutputFileTest, HasTheUsualPermissions) {
  const mode_t before = umask(022);
  ASSERT_TRUE(WriteFile("text", false).ok());
  umask(before);
  struct stat status = {};
  ASSERT_EQ(stat(Path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0644u);
}

TEST_F(OutputFileTest, ReplacesNoDevice) {
  EXPECT_TRUE(absl::IsAlreadyExists(OutputFile::Create("/dev/null", true).status()));
  EXPECT_TRUE(absl::IsAlreadyExists(OutputFile::Create(folder_, true).status()));
}

TEST_F(OutputFileTest, NamesTheFileAndTheReason) {
  const absl::Status status = OutputFile::Create(folder_ / "no" / "f", false).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("no/f: No such file"));
}

}  // namespace
}  // namespace rcukv::cli
