// A program of several files, each of which reads and writes in every flavor: that it
// links is what is tested first of all, as a linker keeps one copy of each inline
// function.
#include "rcu/several_files_test.h"

#include "gtest/gtest.h"
#include "rcu/domain.h"

namespace rcu {
namespace {

template <class Domain>
void ExpectOneDomain() {
  if (!Domain::Prepare().ok()) return;
  const auto grace_periods = [] { return Domain::Stats().grace_periods; };
  const auto before = grace_periods();
  SynchronizeInAnotherFile();
  EXPECT_GT(grace_periods(), before);
  typename Domain::OnlineGuard online;
  typename Domain::ReadGuard guard;
}

TEST(SeveralFilesTest, TheDomainsOfAProgramAreThoseOfAllItsFiles) {
  ReadInAnotherFile();
  ExpectOneDomain<MbDomain>();
  ExpectOneDomain<MembDomain>();
  ExpectOneDomain<SignalDomain>();
  ExpectOneDomain<QsbrDomain>();
  ExpectOneDomain<RseqDomain>();
}

}  // namespace
}  // namespace rcu
