/*
 * Flavor rseq: readers count themselves in and out, on whatever CPU they are.
 *
 *   reader  twice: i = phase; begin[cpu][i]++; object = ptr; use; end[another cpu][i]++
 *   writer  twice: unlink; one membarrier; wait until the sums of phase i ^ 1 agree;
 *           phase = i ^ 1; wait until the sums of phase i agree; free
 *
 * Object n is unlinked by ptr = n + 1. The sums agree if those of all ends, and then of
 * all begins, loaded one by one, are equal. An addition is one store here: nobody else
 * on the CPU adds between its load and its store, as the sequence is restartable, and
 * its load sees the last addition there, as the scheduler has a full barrier between two
 * threads on a CPU. The CPU of each addition is chosen anew. That moving to another is a
 * full barrier is not used, nor that threads of one CPU take turns: the claim holds
 * without.
 */
#include "grace_period.pml"

bit phase;
/* Of phase i on CPU c: [2 * c + i]. */
byte begin[4];
byte end[4];

/* ---- The reader's places: eight a section */

#define AT(section, i) (8 * (section) + (i))
#define IN_EACH_SECTION(set) ((set) | (set) << AT(1, 0))
#define LAST(s, i) (BIT(AT(s, i)) >> AT(1, 0))
#define PHASE 0
/* Only in a mutant: the load of an addition that is no restartable sequence. */
#define BEGIN_LOAD 1
#ifdef BEGIN_LATE
#define BEGIN 4
#else
#define BEGIN 2
#endif
#define POINTER 3
#ifdef USE_LATE
#define USE 7
#else
#define USE 5
#endif
#define END 6

#ifdef PLAIN_ADD
#define LOADS_OF_ADDITIONS IN_EACH_SECTION(BIT(BEGIN_LOAD))
#define COUNT_IN(s) \
  :: STORE(AT(s, BEGIN), BIT(AT(s, BEGIN_LOAD)), begin[i[s]] = sum[s] + 1; sum[s] = 0)
#else
#define LOADS_OF_ADDITIONS 0
#define COUNT_IN(s)                                                    \
  :: STORE(AT(s, BEGIN), BIT(AT(s, PHASE)), begin[i[s]]++)             \
  :: STORE(AT(s, BEGIN), BIT(AT(s, PHASE)), begin[2 + i[s]]++)
#endif

#if defined(END_RELAXED)
#define COUNT_OUT(s)                                                   \
  :: STORE(AT(s, END), BIT(AT(s, PHASE)), end[i[s]]++)                 \
  :: STORE(AT(s, END), BIT(AT(s, PHASE)), end[2 + i[s]]++)
#elif defined(END_IN_NEW_PHASE)
#define COUNT_OUT(s) :: RELEASE(AT(s, END), end[phase]++)
#else
#define COUNT_OUT(s)                                                   \
  :: RELEASE(AT(s, END), end[i[s]]++; i[s] = 0)                        \
  :: RELEASE(AT(s, END), end[2 + i[s]]++; i[s] = 0)
#endif

#define SECTION(s)                                                     \
  :: LOAD(AT(s, PHASE), LAST(s, PHASE), i[s] = phase)                  \
  :: LOAD(AT(s, BEGIN_LOAD), BIT(AT(s, PHASE)), sum[s] = begin[i[s]])  \
  COUNT_IN(s)                                                          \
  :: LOAD(AT(s, POINTER), LAST(s, POINTER), object[s] = ptr)           \
  :: LOAD(AT(s, USE), BIT(AT(s, POINTER)), USE_OF(object[s]))           \
  COUNT_OUT(s)

#define READER_PROGRAM                                                               \
  (IN_EACH_SECTION(BIT(PHASE) | BIT(BEGIN) | BIT(POINTER) | BIT(USE) | BIT(END)) |   \
   LOADS_OF_ADDITIONS)
/* On the weak machine all of it is 31 million states: there the second reader has one
 * section. */
#ifndef READER_1_SECTIONS
#if MEMORY == WEAK
#define READER_1_SECTIONS 1
#else
#define READER_1_SECTIONS 2
#endif
#endif
#define READER_1_PROGRAM (READER_PROGRAM & BELOW(AT(READER_1_SECTIONS, 0)))

#define PROGRAM READER_PROGRAM
#define STORES IN_EACH_SECTION(BIT(BEGIN) | BIT(END))
#define ORDERS 0
proctype Reader(byte me) {
  bit i[2];
  byte object[2];
  byte sum[2];
  do
  SECTION(0)
  SECTION(1)
  :: DONE -> break
  od
}
#undef PROGRAM
#undef STORES
#undef ORDERS

/* ---- The writer's places: fifteen a grace period */

#define IN(grace_period, i) (15 * (grace_period) + (i))
#define IN_EACH_PERIOD(set) ((set) | (set) << IN(1, 0))
#define BEFORE(n, i) (BIT(IN(n, i)) >> IN(1, 0))

#if defined(FENCE_FIRST)
#define HEAVY 0
#define UNLINK 4
#define OLD_SUMS 5
#elif defined(FENCE_LAST)
#define UNLINK 0
#define OLD_SUMS 1
#define HEAVY 10
#else
#define UNLINK 0
#define HEAVY 1
#define OLD_SUMS 5
#endif
/* Ends, then begins, of CPUs 0 and 1. */
#define FLIP (OLD_SUMS + 4)
#define NEW_SUMS (OLD_SUMS + 5)
#define FREE 14

#ifdef BEGINS_FIRST
#define ENDS(sums) ((sums) + 2)
#define BEGINS(sums) (sums)
#else
#define ENDS(sums) (sums)
#define BEGINS(sums) ((sums) + 2)
#endif

#include "heavy_fence.pml"

#ifdef ENDS_RELAXED
#define ACQUIRES 0
#else
#define ACQUIRES                                                              \
  (BIT(ENDS(OLD_SUMS)) | BIT(ENDS(OLD_SUMS) + 1) | BIT(ENDS(NEW_SUMS)) |      \
   BIT(ENDS(NEW_SUMS) + 1))
#endif

#define SUMS(i) (BIT(i) | BIT(i + 1) | BIT(i + 2) | BIT(i + 3))
#if defined(OLD_PHASE_ONLY)
#define ALL_SUMS SUMS(OLD_SUMS)
#elif defined(NEW_PHASE_ONLY)
#define ALL_SUMS SUMS(NEW_SUMS)
#else
#define ALL_SUMS (SUMS(OLD_SUMS) | SUMS(NEW_SUMS))
#endif
#ifdef ONE_CPU
#define CPU_1 0
#else
#define CPU_1 1
#endif
#ifdef NO_FLIP
#define FLIPPED(n) 0
#else
#define FLIPPED(n) (1 - n)
#endif

/* The last load of a sum executes if that makes it 0. */
#define ADD(i, others, sum, value)                                                \
  EXECUTE(i, LOAD_WAITS(i, 0),                                                    \
          (done[me] & (others)) != (others) || sum + value == 0, sum = sum + value)
#define ADD_AT(n, i, sums, sum, value) \
  ADD(IN(n, i), SUMS(IN(n, sums)) & ~BIT(IN(n, i)), sum, value)

/* All begins less all ends of a phase. */
#define WAIT_FOR(n, sums, sum, i)                                                 \
  :: ADD_AT(n, ENDS(sums), sums, sum, -end[i])                                    \
  :: ADD_AT(n, ENDS(sums) + 1, sums, sum, -CPU_1 * end[2 + i])                    \
  :: ADD_AT(n, BEGINS(sums), sums, sum, begin[i])                                 \
  :: ADD_AT(n, BEGINS(sums) + 1, sums, sum, CPU_1 * begin[2 + i])

#define GRACE_PERIOD(n)                                                           \
  :: STORE(IN(n, UNLINK), BEFORE(n, UNLINK), ptr = n + 1)                         \
  :: FENCE(IN(n, HEAVY))                                                          \
  :: INTERRUPT(IN(n, HEAVY + 1), 0, READER_PROGRAM)                               \
  :: INTERRUPT(IN(n, HEAVY + 2), 1, READER_1_PROGRAM)                              \
  :: FENCE(IN(n, HEAVY + 3))                                                      \
  WAIT_FOR(n, OLD_SUMS, old, 1 - n)                                               \
  :: STORE(IN(n, FLIP), SUMS(IN(n, OLD_SUMS)), phase = FLIPPED(n))                \
  WAIT_FOR(n, NEW_SUMS, new, n)                                                   \
  :: RECLAIM(IN(n, FREE), n)

#define WRITER_PROGRAM \
  IN_EACH_PERIOD(BIT(UNLINK) | HEAVY_FENCE | ALL_SUMS | BIT(FLIP) | BIT(FREE))
#define PROGRAM WRITER_PROGRAM
#define STORES IN_EACH_PERIOD(BIT(UNLINK) | BIT(FLIP))
#define ORDERS IN_EACH_PERIOD(FENCE_BEFORE | FENCE_AFTER | ACQUIRES)
proctype Writer(byte me) {
  short old;
  short new;
  do
  GRACE_PERIOD(0)
  GRACE_PERIOD(1)
  :: DONE -> break
  od
}

RUN_ALL(READER_PROGRAM, READER_1_PROGRAM, WRITER_PROGRAM)
