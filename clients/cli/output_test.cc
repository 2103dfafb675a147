#include "clients/cli/output.h"

#include <gtest/gtest.h>

namespace rcukv::cli {
namespace {

TEST(OutputTest, WhatWouldBreakALineIsEscaped) {
  EXPECT_EQ(Printable("plain \xc3\xa9"), "plain \xc3\xa9");
  EXPECT_EQ(Printable(std::string("a\tb\nc\rd\\e\0\x1b\x7f", 12)),
            "a\\tb\\nc\\rd\\\\e\\x00\\x1b\\x7f");
}

TEST(OutputTest, ErrorsHaveTheirExitCodes) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), ExitCode::kDone);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(absl::DeadlineExceededError("")), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(absl::InvalidArgumentError("")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(absl::ResourceExhaustedError("")), ExitCode::kRefused);
}

}  // namespace
}  // namespace rcukv::cli
