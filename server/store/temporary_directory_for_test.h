// A directory of a test's own.
#ifndef RCUKV_SERVER_STORE_TEMPORARY_DIRECTORY_FOR_TEST_H_
#define RCUKV_SERVER_STORE_TEMPORARY_DIRECTORY_FOR_TEST_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace rcukv {

// Made empty, and removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_(testing::TempDir() + "/rcukv-XXXXXX") {
    EXPECT_NE(mkdtemp(path_.data()), nullptr) << path_;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string In(std::string_view name) const { return path_ + "/" + std::string(name); }
  void Write(std::string_view name, std::string_view content) const {
    std::ofstream(In(name)) << content;
  }

 private:
  std::string path_;
};

}  // namespace rcukv

#endif  // RCUKV_SERVER_STORE_TEMPORARY_DIRECTORY_FOR_TEST_H_
