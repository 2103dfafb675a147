// Samples of rcu/, this project's library.
#include <cstddef>

#include "absl/status/status.h"
#include "bench/rcu/sampler.h"
#include "rcu/domain.h"
#include "rcu/membarrier.h"

namespace rcukv::bench {
namespace {

absl::Status Unavailable(const absl::Status& status) {
  return status.ok() ? status : absl::UnavailableError(status.message());
}

template <class Domain>
struct Rcukv {
  // Room for what liburcu has there, so that objects are of one size.
  struct Hook {
    void* unused[2];
  };

  static absl::Status Prepare() { return Unavailable(Domain::Prepare()); }

  // The first section of a thread registers it; in qsbr that it goes online.
  static void RegisterThread() {
    Domain::Online();
    Domain::lock();
    Domain::unlock();
  }
  static void UnregisterThread() { Offline(); }

  using Section = typename Domain::ReadGuard;
  static void Synchronize() { Domain::Synchronize(); }

  static void Quiesce() { Domain::Quiesce(); }
  static void Offline() { Domain::Offline(); }

  template <void (*reclaim)(Hook*)>
  static void Retire(Hook* hook, size_t bytes) {
    Domain::Retire(
        hook, [](void* object) { reclaim(static_cast<Hook*>(object)); }, bytes,
        rcu::ReclaimOn::kAnyThread);
  }
  static void Barrier() { Domain::Barrier(); }
};

// As memb, with MEMBARRIER_CMD_GLOBAL.
struct NonExpedited : Rcukv<rcu::MembDomain> {
  static absl::Status Prepare() {
    return Unavailable(
        rcu::MembDomain::SetMembarrierMode(rcu::MembarrierMode::kNonExpedited));
  }
};

}  // namespace
}  // namespace rcukv::bench

int main(int argc, char** argv) {
  using namespace rcukv::bench;
  return SamplerMain(argc, argv,
                     {ContenderOf<Rcukv<rcu::MbDomain>>("mb"),
                      ContenderOf<Rcukv<rcu::MembDomain>>("memb"),
                      ContenderOf<NonExpedited>("non_expedited"),
                      ContenderOf<Rcukv<rcu::SignalDomain>>("signal"),
                      ContenderOf<Rcukv<rcu::QsbrDomain>>("qsbr"),
                      ContenderOf<Rcukv<rcu::RseqDomain>>("rseq")});
}
