// Flavors that a machine has are there. Most tests of rcu/ skip a flavor whose Prepare
// fails, so a Prepare that failed where it should not would skip them all, unseen. What
// the machine has is asked of the kernel here, not of the library.
#include <linux/membarrier.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

// Whether the kernel registers this process for `command`: its answer to QUERY alone does
// not tell what a filter refuses.
bool Registers(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }

TEST(AvailabilityTest, FlavorsThatNeedNoMembarrierAreAlwaysThere) {
  EXPECT_TRUE(MbDomain::Prepare().ok()) << MbDomain::Prepare();
  EXPECT_TRUE(QsbrDomain::Prepare().ok()) << QsbrDomain::Prepare();
  EXPECT_TRUE(SignalDomain::Prepare().ok()) << SignalDomain::Prepare();
}

TEST(AvailabilityTest, MembIsThereWhereTheKernelRegistersForExpedited) {
  const bool has = Registers(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  EXPECT_EQ(MembDomain::Prepare().ok(), has) << MembDomain::Prepare();
  if (!has) return;
  const absl::Status expedited =
      MembDomain::SetMembarrierMode(MembarrierMode::kExpedited);
  EXPECT_TRUE(expedited.ok()) << expedited;
}

TEST(AvailabilityTest, RseqIsThereOnX86WhereTheKernelFillsMmCidIn) {
#if defined(__x86_64__)
  // AT_RSEQ_FEATURE_SIZE; mm_cid ends at byte 28 of struct rseq: <linux/rseq.h>.
  const bool has_mm_cid = getauxval(27) >= 28;
  const bool has_membarrier = Registers(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  const bool has_sysfs = access("/sys/devices/system/cpu/possible", R_OK) == 0;
  // glibc registers unless it was told not to, which only this process's environment
  // does.
  EXPECT_EQ(RseqDomain::Prepare().ok(), has_mm_cid && has_membarrier && has_sysfs)
      << RseqDomain::Prepare();
#else
  EXPECT_FALSE(RseqDomain::Prepare().ok());
#endif
}

}  // namespace
}  // namespace rcu
