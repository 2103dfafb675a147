#include "loadtest/flip/function_call_interrupts.h"

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

TEST(FunctionCallInterrupts, AllProcessorsAreCountedTogether) {
  EXPECT_EQ(ParseFunctionCallInterrupts(
                "           CPU0       CPU1\n"
                " 24:          1          0  IO-APIC   5-edge      ACPI:Ged\n"
                "RES:   29366498   28656104   Rescheduling interrupts\n"
                "CAL:         70          7   Function call interrupts\n"
                "TLB:    2844137    2849483   TLB shootdowns\n"),
            77u);
}

TEST(FunctionCallInterrupts, Arm64HasThemUnderAnotherLabel) {
  EXPECT_EQ(ParseFunctionCallInterrupts("IPI0:  5  6  Rescheduling interrupts\n"
                                        "IPI1:  1  2  3       Function call interrupts"),
            6u);
}

TEST(FunctionCallInterrupts, AFileWithoutThemHasNone) {
  EXPECT_EQ(ParseFunctionCallInterrupts(""), std::nullopt);
  EXPECT_EQ(ParseFunctionCallInterrupts("RES:  1  Rescheduling interrupts\n"),
            std::nullopt);
  EXPECT_EQ(ParseFunctionCallInterrupts("CAL:    Function call interrupts\n"),
            std::nullopt);
}

TEST(FunctionCallInterrupts, TheyNeverBecomeFewer) {
  const std::optional<uint64_t> before = FunctionCallInterrupts();
  if (!before.has_value()) GTEST_SKIP() << "/proc/interrupts does not show them here";
  EXPECT_GE(FunctionCallInterrupts(), before);
}

}  // namespace
}  // namespace rcukv::loadtest
