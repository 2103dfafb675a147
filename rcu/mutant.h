// Mutants: the library with one barrier, ordering or step of a protocol taken away, to
// see which test notices. docs/MEMORY_MODEL.md has the table; `./run mutants` builds each
// of them, with -DRCU_MUTANT=kName, and runs the test that the table names.
//
// Without RCU_MUTANT there is none, and all of this is constants: the machine code is as
// if it were not there.
#ifndef RCUKV_RCU_MUTANT_H_
#define RCUKV_RCU_MUTANT_H_

#include <atomic>

namespace rcu {

enum class Mutant {
  kNone,
  // shared_fence.h
  kSharedFenceCallerUnfenced,
  kSharedFenceIssuerUnfenced,
  kSharedFenceUnfencedAfter,
  kSharedFenceNeedsStarted,
  kSharedFenceStartedLate,
  // membarrier.cc
  kFailedMembarrierCounts,
  kMembarrierUnregistered,
  // flavor.h
  kMbReaderUnfenced,
  kMbWriterUnfenced,
  kMembReaderUnfenced,
  kMembWriterFullFence,
  kQsbrReaderUnfenced,
  kRseqReaderUnfenced,
  kRseqWriterFullFence,
  // signal_fence.cc
  kSignalJoinUnfenced,
  kSignalHandlerUnfenced,
  kSignalConfirmsEarly,
  kSignalTidStoreRelaxed,
  kSignalTidLoadRelaxed,
  kSignalAskedStoreRelaxed,
  kSignalAskedLoadRelaxed,
  kSignalDoneStoreRelaxed,
  kSignalDoneLoadRelaxed,
  kSignalListStoreRelaxed,
  kSignalListLoadRelaxed,
  // announced_sections.h, quiescent_sections.h, membership.h, ending_thread.cc
  kAnnounceRelaxed,
  kIdleRelaxed,
  kNestedAnnounces,
  kNestedUnlockIdles,
  kQsbrAnnounceRelaxed,
  kQsbrOfflineRelaxed,
  kLeaveRelaxed,
  kLeaveTakesSignals,
  kEpochFromZero,
  // epoch_readers.cc, thread_record.*
  kScanRelaxed,
  kScanAcceptsPreviousEpoch,
  kRecordStoreRelaxed,
  kRecordLoadRelaxed,
  // counted_sections.h, per_cpu_counters.h, per_cpu_readers.cc
  kCountEndRelaxed,
  kCountUnrestarted,
  kBeginMarksFirst,
  kEndCountsFirst,
  kSumOfEndsRelaxed,
  kSumsBeginningsFirst,
  kSumsIdlePhaseOnly,
  kSumsCurrentPhaseOnly,
  // grace_period.*
  kGracePeriodFencesLate,
  kTriesIgnoreReaders,
  kCookieUnfenced,
  kCookieNeedsTooLittle,
  kSequenceBeginRelaxed,
  kSequenceEndRelaxed,
  kSequenceEndRelease,
  kPollRelaxed,
  kSleeperLooksFirst,
  kSleeperWakesNobody,
  // retire_queue.h, domain.h, reclaimer.cc
  kQueueCountStoreRelaxed,
  kQueueCountLoadRelaxed,
  kBagsAreOverAtOnce,
  kConsumerBeginRelaxed,
  kConsumerEndRelaxed,
  kSpareTakenStoreRelaxed,
  kSpareTakenLoadRelaxed,
  kSpareGivenStoreRelaxed,
  kSpareGivenLoadRelaxed,
  kQueueStoreRelaxed,
  kQueueLoadRelaxed,
  kMarksLate,
  kBarrierTakesRunningPass,
  kBarrierSkipsOwner,
  kReclaimerSleepsUnfenced,
  kReclaimerLooksFirst,
  kRetireUnfenced,
  // seqcount.h
  kSeqCountWriteUnfenced,
  kSeqCountEndRelaxed,
  kSeqCountSampleRelaxed,
  kSeqCountReadUnfenced,
  kSeqCountAcceptsOdd,
  // hash_map.h, resizable_buckets.h, chain.h, tag_match.h, bucket_lock.h
  kSlotStoreRelaxed,
  kSlotLoadRelaxed,
  kTagsUnfenced,
  kEmptiedStoreRelaxed,
  kOverflowStoreRelaxed,
  kForwardedStoreRelaxed,
  kLinkLoadRelaxed,
  kArrayStoreRelaxed,
  kCurrentStoreRelaxed,
  kArrayLoadRelaxed,
  kMovedRelaxed,
  kBucketLockRelaxed,
  kBucketUnlockRelaxed,
  kLookupLinkFirst,
  kMoveForwardsFirst,
  kMoveEmptiesFirst,
  kShrinkLocksOne,
  kScanKeepsWhatMoved,
  // entry.cc
  kReferenceDropRelaxed,
  // Repairs after a fork.
  kForkKeepsSequence,
  kForkKeepsRecords,
  kForkKeepsCounts,
  kForkKeepsReclaimer,
  kForkKeepsFence,
};

#ifndef RCU_MUTANT
#define RCU_MUTANT kNone
#endif

// Whether this is the library with `mutant`.
consteval bool Mutated(Mutant mutant) { return mutant == Mutant::RCU_MUTANT; }

// The order of an atomic operation, which `mutant` takes away.
template <Mutant mutant>
consteval std::memory_order Order(std::memory_order order) {
  return Mutated(mutant) ? std::memory_order_relaxed : order;
}

}  // namespace rcu

#endif  // RCUKV_RCU_MUTANT_H_
