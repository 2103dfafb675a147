/*
 * The grace period with one heavy fence and one scan: flavor memb; with -DSIGNAL signal,
 * with -DMB mb.
 *
 *   reader  registers; twice: epoch = gp; slot = epoch; object = ptr; use; slot = 0
 *   writer  twice: unlink; heavy fence; ++gp; list of readers; their slots; free
 *
 * Object n is unlinked by ptr = n + 1. A nested section is no instruction at all: it
 * counts a depth of the thread's own.
 */
#include "grace_period.pml"
#include "epoch.pml"

bool listed[READERS];
bool signalled[READERS];

/* ---- The reader's places: one for the registration, then nine a section */

#ifdef REGISTER_LATE
#define REGISTER 19
#else
#define REGISTER 0
#endif
#define AT(section, i) (1 + 9 * (section) + (i))

#ifdef EPOCH_LATE
#define EPOCH 4
#else
#define EPOCH 0
#endif
#if defined(EPOCH_LATE) || defined(ANNOUNCE_LATE)
#define ANNOUNCE 5
#else
#define ANNOUNCE 1
#endif
#define READER_FENCE 2
#define POINTER 3
/* Only in mutants: what a nested section must not do. */
#define NESTED_EPOCH 4
#define NESTED_STORE 5
#ifdef USE_LATE
#define USE 8
#else
#define USE 6
#endif
#define END 7

#define ALWAYS (BIT(EPOCH) | BIT(ANNOUNCE) | BIT(POINTER) | BIT(USE) | BIT(END))
#if defined(MB) && !defined(NO_READER_FENCE)
#define SECTION_PROGRAM (ALWAYS | BIT(READER_FENCE))
#elif defined(NESTED_ANNOUNCES)
#define SECTION_PROGRAM (ALWAYS | BIT(NESTED_EPOCH) | BIT(NESTED_STORE))
#elif defined(NESTED_END_IDLES)
#define SECTION_PROGRAM (ALWAYS | BIT(NESTED_STORE))
#else
#define SECTION_PROGRAM ALWAYS
#endif

#ifdef NESTED_END_IDLES
#define NESTED_VALUE(s) 0
#else
#define NESTED_VALUE(s) epoch[s]
#endif

#ifdef ANNOUNCE_RELAXED
#define ANNOUNCE_EPOCH(s)                                                \
  STORE(AT(s, ANNOUNCE), BIT(AT(s, EPOCH)) | LAST(s, END),               \
        slot[me] = epoch[s]; epoch[s] = 0)
#else
#define ANNOUNCE_EPOCH(s) RELEASE(AT(s, ANNOUNCE), slot[me] = epoch[s]; epoch[s] = 0)
#endif
#ifdef UNLOCK_RELAXED
#define END_SECTION(s) STORE(AT(s, END), BIT(AT(s, ANNOUNCE)), slot[me] = 0)
#else
#define END_SECTION(s) RELEASE(AT(s, END), slot[me] = 0)
#endif

/* The same instruction a section before: accesses to one variable stay in order. */
#define LAST(s, i) (BIT(AT(s, i)) >> 9)

#define SECTION(s)                                                       \
  :: LOAD(AT(s, EPOCH), LAST(s, EPOCH), epoch[s] = gp)                   \
  :: ANNOUNCE_EPOCH(s)                                                   \
  :: FENCE(AT(s, READER_FENCE))                                          \
  :: LOAD(AT(s, POINTER), LAST(s, POINTER), object[s] = ptr)             \
  :: LOAD(AT(s, NESTED_EPOCH), BIT(AT(s, ANNOUNCE)), epoch[s] = gp)      \
  :: RELEASE(AT(s, NESTED_STORE), slot[me] = NESTED_VALUE(s))            \
  :: LOAD(AT(s, USE), BIT(AT(s, POINTER)), USE_OF(object[s])) \
  :: END_SECTION(s)

/* A signal's handler runs between two instructions, executes a fence and acknowledges. */
#ifdef SIGNAL
#define SIGNALS true
#else
#define SIGNALS false
#endif

#define IN_BOTH(set) ((set) << AT(0, 0) | (set) << AT(1, 0))
#define READER_PROGRAM (BIT(REGISTER) | IN_BOTH(SECTION_PROGRAM))

#define PROGRAM READER_PROGRAM
#define STORES (BIT(REGISTER) | IN_BOTH(BIT(ANNOUNCE) | BIT(NESTED_STORE) | BIT(END)))
#define ORDERS IN_BOTH(BIT(READER_FENCE))
proctype Reader(byte me) {
  byte epoch[2];
  byte object[2];
  do
  :: RELEASE(REGISTER, listed[me] = true)
  SECTION(0)
  SECTION(1)
  :: d_step {
       signalled[me] && IS_PREFIX(done[me], READER_PROGRAM) -> signalled[me] = false
     }
  :: DONE && !SIGNALS -> break
  od
}
#undef PROGRAM
#undef STORES
#undef ORDERS

/* ---- The writer's places: fifteen a grace period */

#ifdef FENCE_FIRST
#define UNLINK 7
#else
#define UNLINK 1
#endif

#ifdef FENCE_LAST
#define HEAVY 10
#define SCAN 5
#define INCREMENT 3
#else
#define HEAVY 3
#define SCAN 10
#if defined(INCREMENT_FIRST)
#define INCREMENT 0
#elif defined(INCREMENT_BEFORE_FENCE)
#define INCREMENT 2
#else
#define INCREMENT 8
#endif
#endif

#if defined(LIST_BEFORE_FENCE)
#define LIST 2
#else
#define LIST (SCAN - 1)
#endif

#include "heavy_fence.pml"

#define SCANS (BIT(SCAN) | BIT(SCAN + 1))
#define ACQUIRE_FENCE 13
#define FREE 14

#ifdef SCAN_RELAXED
#define ACQUIRES BIT(LIST)
#define SCAN_FENCE 0
#elif defined(SCAN_RELAXED_THEN_FENCE)
#define ACQUIRES BIT(LIST)
#define SCAN_FENCE BIT(ACQUIRE_FENCE)
#else
#define ACQUIRES (BIT(LIST) | SCANS)
#define SCAN_FENCE 0
#endif

#define IN(grace_period, i) (15 * (grace_period) + (i))
#define BEFORE(n, i) (BIT(IN(n, i)) >> IN(1, 0))

#if defined(NOT_AWAITED)
#define REACH(i, reader) LOAD(i, 0, skip)
#elif defined(SIGNAL)
#define REACH(i, reader) LOAD_WHEN(i, 0, !signalled[reader])
#else
#define REACH(i, reader) INTERRUPT(i, reader, READER_PROGRAM)
#endif

#define WAIT_FOR(n, reader)                                         \
  LOAD_WHEN(IN(n, SCAN + reader), BIT(IN(n, LIST)),                 \
            !known[reader] || slot[reader] == 0 || IS_NEW(slot[reader], n))

#define GRACE_PERIOD(n)                                                      \
  :: STORE(IN(n, UNLINK), BEFORE(n, UNLINK), ptr = n + 1)             \
  :: EXECUTE(IN(n, HEAVY), BELOW(IN(n, HEAVY)), true,                        \
             signalled[0] = SIGNALS; signalled[1] = SIGNALS)                 \
  :: REACH(IN(n, HEAVY + 1), 0)                                              \
  :: REACH(IN(n, HEAVY + 2), 1)                                              \
  :: FENCE(IN(n, HEAVY + 3))                                                 \
  :: STORE(IN(n, INCREMENT), BEFORE(n, INCREMENT), gp = EPOCH_OF(n))  \
  :: LOAD(IN(n, LIST), 0, known[0] = listed[0]; known[1] = listed[1])        \
  :: WAIT_FOR(n, 0)                                                          \
  :: WAIT_FOR(n, 1)                                                          \
  :: EXECUTE(IN(n, ACQUIRE_FENCE),                                           \
             BELOW(IN(n, ACQUIRE_FENCE)) & ~(STORES), true, skip)            \
  :: RECLAIM(IN(n, FREE), n)

#define IN_BOTH_PERIODS(set) ((set) | (set) << IN(1, 0))
#define WRITER_PROGRAM                                                              \
  IN_BOTH_PERIODS(BIT(UNLINK) | HEAVY_FENCE | BIT(INCREMENT) | BIT(LIST) | SCANS |  \
                  SCAN_FENCE | BIT(FREE))
#define PROGRAM WRITER_PROGRAM
#define STORES IN_BOTH_PERIODS(BIT(UNLINK) | BIT(INCREMENT))
#define ORDERS                                                                      \
  IN_BOTH_PERIODS(FENCE_BEFORE | FENCE_AFTER | ACQUIRES | BIT(ACQUIRE_FENCE))
proctype Writer(byte me) {
  bool known[READERS];
  do
  GRACE_PERIOD(0)
  GRACE_PERIOD(1)
  :: DONE -> break
  od
}

RUN_ALL(READER_PROGRAM, READER_PROGRAM, WRITER_PROGRAM)
