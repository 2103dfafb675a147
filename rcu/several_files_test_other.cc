#include "rcu/domain.h"
#include "rcu/several_files_test.h"

namespace rcu {
namespace {

template <class Domain>
void Read() {
  if (!Domain::Prepare().ok()) return;
  typename Domain::OnlineGuard online;
  typename Domain::ReadGuard guard;
}

template <class Domain>
void Synchronize() {
  if (Domain::Prepare().ok()) Domain::Synchronize();
}

}  // namespace

void ReadInAnotherFile() {
  Read<MbDomain>();
  Read<MembDomain>();
  Read<SignalDomain>();
  Read<QsbrDomain>();
  Read<RseqDomain>();
}

void SynchronizeInAnotherFile() {
  Synchronize<MbDomain>();
  Synchronize<MembDomain>();
  Synchronize<SignalDomain>();
  Synchronize<QsbrDomain>();
  Synchronize<RseqDomain>();
}

}  // namespace rcu
