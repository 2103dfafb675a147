// What the server does where the kernel refuses membarrier, as seccomp profiles do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/server.h"

namespace rcukv {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// From here on the kernel answers membarrier with EPERM, in this process.
void ForbidMembarrier() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {.len = 4, .filter = program};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
}

ServerOptions Options(Flavor flavor, RcuFallback fallback) {
  ServerOptions options;
  options.listen = options.admin_listen = "127.0.0.1:0";
  options.flavor = flavor;
  options.fallback = fallback;
  options.threads = 1;
  return options;
}

class FallbackTest : public ::testing::Test {
 protected:
  void SetUp() override { ForbidMembarrier(); }
};

TEST_F(FallbackTest, ServesWithMbAndSaysWhy) {
  const absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Start(Options(Flavor::kMemb, RcuFallback::kMb));
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_THAT((*server)->fallback_reason(), HasSubstr("membarrier"));
  EXPECT_THAT((*server)->Description(), HasSubstr("flavor mb, membarrier none"));
}

TEST_F(FallbackTest, OrRefusesWithARemedy) {
  const absl::Status status =
      Server::Start(Options(Flavor::kMemb, RcuFallback::kRefuse)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("membarrier"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("--rcu_fallback=mb"));
}

TEST_F(FallbackTest, AFlavorWithoutMembarrierDoesNotCare) {
  const absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Start(Options(Flavor::kMb, RcuFallback::kRefuse));
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_THAT((*server)->fallback_reason(), IsEmpty());
}

}  // namespace
}  // namespace rcukv
