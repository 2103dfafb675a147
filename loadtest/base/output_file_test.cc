#include "loadtest/base/output_file.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Content(const std::string& path) {
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

TEST(OutputFile, NamesThePathThatCannotBeOpened) {
  const absl::Status status = OutputFile::Open("/no/such/folder/x.json").status();
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr("\"/no/such/folder/x.json\""), HasSubstr("No such file")));
}

TEST(OutputFile, KeepsWhatTheFileHoldsUntilThereIsSomethingToWrite) {
  const std::string path = testing::TempDir() + "/kept";
  std::ofstream(path) << "the samples of last time";
  absl::StatusOr<OutputFile> file = OutputFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(Content(path), "the samples of last time");
  EXPECT_TRUE((*std::move(file)).Write("new").ok());
  EXPECT_EQ(Content(path), "new");
}

TEST(OutputFile, NamesThePathThatCannotBeWritten) {
  absl::StatusOr<OutputFile> file = OutputFile::Open("/dev/full");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT((*std::move(file)).Write("{}").message(),
              AllOf(HasSubstr("\"/dev/full\""), HasSubstr("No space left")));
}

}  // namespace
}  // namespace rcukv::loadtest
