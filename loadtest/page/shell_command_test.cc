#include "loadtest/page/shell_command.h"

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(ShellCommand, OrdinaryFlagsStandAsTheyAre) {
  EXPECT_EQ(ShellCommand({"./run", "loadtest", "run", "--workload=get:90,put:10",
                          "--address=127.0.0.1:7700", "--json=/a/b_c-d.json"}),
            "./run loadtest run --workload=get:90,put:10 --address=127.0.0.1:7700 "
            "--json=/a/b_c-d.json");
}

TEST(ShellCommand, WhatAShellWouldChangeIsQuoted) {
  EXPECT_EQ(ShellCommand({"a b", "", "$x", "it's", "~", "é"}),
            "'a b' '' '$x' 'it'\\''s' '~' 'é'");
}

}  // namespace
}  // namespace rcukv::loadtest
