#include "bench/write/scratch_directory.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(ScratchDirectory, IsThereUntilItsEndWithAllThatIsInIt) {
  std::string path;
  {
    auto made = ScratchDirectory::Make(testing::TempDir());
    ASSERT_TRUE(made.ok()) << made.status();
    const ScratchDirectory directory = *std::move(made);
    path = directory.path();
    std::filesystem::create_directory(path + "/folder");
    std::ofstream(path + "/folder/file") << "text";
    EXPECT_TRUE(std::filesystem::exists(path + "/folder/file"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ScratchDirectory, WhereNoneCanBeMadeThatIsSaid) {
  const auto made = ScratchDirectory::Make("/no/such/folder");
  EXPECT_THAT(std::string(made.status().message()),
              AllOf(HasSubstr("/no/such/folder"), HasSubstr("--directory")));
}

TEST(ScratchDirectory, KnowsWhetherItIsInMemory) {
  const auto made = ScratchDirectory::Make("/dev/shm");
  if (!made.ok()) GTEST_SKIP() << "this system has no /dev/shm: " << made.status();
  EXPECT_TRUE(made->IsInMemory());
}

}  // namespace
}  // namespace rcukv::bench
