#include "bench/rcu/interrupts.h"

#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

TEST(FunctionCallInterrupts, AreSummedOverTheCpus) {
  EXPECT_EQ(FunctionCallInterrupts(
                "           CPU0       CPU1       \n"
                " 24:          1          0  IO-APIC   5-edge      ACPI:Ged\n"
                "RES:    5745258    5972030   Rescheduling interrupts\n"
                "CAL:        700         42   Function call interrupts\n"
                "ERR:          0\n"),
            742u);
}

TEST(FunctionCallInterrupts, HaveAnotherNameOnArm64) {
  EXPECT_EQ(FunctionCallInterrupts(
                "           CPU0       CPU1       CPU2       CPU3\n"
                "IPI0:        10         20         30         40  Rescheduling "
                "interrupts\n"
                "IPI1:         1          2          3          4  Function call "
                "interrupts\n"),
            10u);
}

TEST(FunctionCallInterrupts, WrapAroundAsTheKernelsCountersDo) {
  const auto before =
      FunctionCallInterrupts("CAL: 4294967295 4294967290 Function call interrupts\n");
  const auto after = FunctionCallInterrupts("CAL: 4 0 Function call interrupts\n");
  ASSERT_TRUE(before.has_value() && after.has_value());
  EXPECT_EQ(static_cast<uint32_t>(*after - *before), 11u);
}

TEST(FunctionCallInterrupts, MayBeMissing) {
  EXPECT_EQ(FunctionCallInterrupts(""), std::nullopt);
  EXPECT_EQ(FunctionCallInterrupts("           CPU0\nERR:   3\n"), std::nullopt);
}

}  // namespace
}  // namespace rcukv::bench
