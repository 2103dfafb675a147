/*
 * The reclaimer's sleep and the wake-up by whoever queues something ([I1], [I2]).
 *
 *   retirer    twice: push; load idle; if it is true: wake
 *   reclaimer  twice: woken = false, under the mutex; idle = true; heavy fence; look at
 *              the queues; if they are empty, sleep until woken; idle = false; take all
 *
 * Between the push and the load is the flavor's reader fence: nothing in memb, with -DMB
 * a fence, and then the heavy fence is one, too. A lost wake-up is a state in which
 * something is queued, the reclaimer sleeps, and all retirers are done.
 */
#define RETIRERS 2
#define RECLAIMER RETIRERS
#define PROCESSORS (RETIRERS + 1)
#include "machine.pml"

byte pushed[RETIRERS];
byte popped[RETIRERS];
bool idle;
bool locked;
bool woken;
bool all_empty;

/* ---- The retirer's places: five a push */

#define AT(round, i) (5 * (round) + (i))
#define IN_BOTH(set) ((set) | (set) << AT(1, 0))
#define LAST(round, i) (BIT(AT(round, i)) >> AT(1, 0))
#ifdef PUSH_LATE
#define PUSH 3
#else
#define PUSH 0
#endif
#define READER_FENCE 1
#define LOAD_IDLE 2
#define WAKE 4

#if defined(MB) && !defined(NO_READER_FENCE)
#define READER_FENCES BIT(READER_FENCE)
#else
#define READER_FENCES 0
#endif

/* Waking takes the mutex. It is part of the program whether or not it has to be done. */
#define RETIRE(round)                                                                \
  :: RELEASE(AT(round, PUSH), pushed[me]++)                                          \
  :: FENCE(AT(round, READER_FENCE))                                                  \
  :: LOAD(AT(round, LOAD_IDLE), LAST(round, LOAD_IDLE), seen[round] = idle)          \
  :: EXECUTE(AT(round, WAKE), BELOW(AT(round, WAKE)), !seen[round] || !locked,       \
             woken = woken || seen[round]; seen[round] = false)

#define RETIRER_PROGRAM IN_BOTH(BIT(PUSH) | READER_FENCES | BIT(LOAD_IDLE) | BIT(WAKE))
#define PROGRAM RETIRER_PROGRAM
#define STORES IN_BOTH(BIT(PUSH) | BIT(WAKE))
#define ORDERS IN_BOTH(BIT(READER_FENCE))
proctype Retirer(byte me) {
  bool seen[2];
  do
  RETIRE(0)
  RETIRE(1)
  :: DONE -> break
  od
}
#undef PROGRAM
#undef STORES
#undef ORDERS

/* ---- The reclaimer's places: fifteen a sleep */

#define IN(round, i) (15 * (round) + (i))
#define IN_EACH_ROUND(set) ((set) | (set) << IN(1, 0))
#define BEFORE(round, i) (BIT(IN(round, i)) >> IN(1, 0))

#ifdef RESET_LATE
#define LOCK 10
#define HEAVY 3
#else
#define LOCK 0
#define HEAVY 5
#endif
#define RESET (LOCK + 1)
#if defined(FENCE_FIRST)
#define SET_IDLE 9
#elif defined(LOOK_FIRST)
#define SET_IDLE 4
#else
#define SET_IDLE 2
#endif
#if defined(LOOK_FIRST)
#define LOOK 2
#elif defined(LOOK_BEFORE_FENCE)
#define LOOK 3
#elif defined(RESET_LATE)
#define LOOK 8
#else
#define LOOK 10
#endif
#define SLEEP 12
#define CLEAR_IDLE 13
#define TAKE 14

#include "heavy_fence.pml"
#ifdef NO_SECOND_LOOK
#define LOOKS 0
#else
#define LOOKS (BIT(LOOK) | BIT(LOOK + 1))
#endif

#define LOOK_AT(round, retirer)                                                     \
  LOAD(IN(round, LOOK + retirer), 0,                                                \
       all_empty = all_empty && pushed[retirer] == popped[retirer])

/* `all_empty` starts as true for each sleep. */
#define ROUND(round)                                                                 \
  :: EXECUTE(IN(round, LOCK), LOAD_WAITS(IN(round, LOCK), 0), !locked,               \
             locked = true)                                                          \
  :: RELEASE(IN(round, RESET), woken = false; locked = false)                        \
  :: STORE(IN(round, SET_IDLE), BEFORE(round, CLEAR_IDLE), idle = true)              \
  :: FENCE(IN(round, HEAVY))                                                         \
  :: INTERRUPT(IN(round, HEAVY + 1), 0, RETIRER_PROGRAM)                             \
  :: INTERRUPT(IN(round, HEAVY + 2), 1, RETIRER_PROGRAM)                             \
  :: FENCE(IN(round, HEAVY + 3))                                                     \
  :: LOOK_AT(round, 0)                                                               \
  :: LOOK_AT(round, 1)                                                               \
  :: EXECUTE(IN(round, SLEEP), LOAD_WAITS(IN(round, SLEEP), IN_ROUND(round, LOOKS)), \
             !all_empty || woken, all_empty = true)                                  \
  :: STORE(IN(round, CLEAR_IDLE), BIT(IN(round, SET_IDLE)), idle = false)            \
  :: LOAD(IN(round, TAKE), 0, popped[0] = pushed[0]; popped[1] = pushed[1])
#define IN_ROUND(round, set) ((set) << IN(round, 0))

#define RECLAIMER_PROGRAM                                                            \
  IN_EACH_ROUND(BIT(LOCK) | BIT(RESET) | BIT(SET_IDLE) | HEAVY_FENCE | LOOKS |       \
                BIT(SLEEP) | BIT(CLEAR_IDLE) | BIT(TAKE))
#define PROGRAM RECLAIMER_PROGRAM
#define STORES IN_EACH_ROUND(BIT(RESET) | BIT(SET_IDLE) | BIT(CLEAR_IDLE))
#define ORDERS                                                                       \
  IN_EACH_ROUND(BIT(LOCK) | FENCE_BEFORE | FENCE_AFTER | LOOKS | BIT(SLEEP) | BIT(TAKE))
proctype Reclaimer(byte me) {
  do
  ROUND(0)
  ROUND(1)
  :: DONE -> break
  od
}

#define QUEUED (pushed[0] != popped[0] || pushed[1] != popped[1])
#define LOOKED(round) IN_ROUND(round, BELOW(SLEEP) & RECLAIMER_PROGRAM)
#define SLEEPS_IN(round)                                                             \
  ((done[RECLAIMER] & (LOOKED(round) | BIT(IN(round, SLEEP)))) == LOOKED(round) &&   \
   all_empty && !woken)
#define WAKE_UP_IS_LOST (QUEUED && (SLEEPS_IN(0) || SLEEPS_IN(1)))

init {
  atomic {
    all_empty = true;
    done[0] = ~(RETIRER_PROGRAM);
    done[1] = ~(RETIRER_PROGRAM);
    done[RECLAIMER] = ~(RECLAIMER_PROGRAM);
    run Retirer(0);
    run Retirer(1);
    run Reclaimer(RECLAIMER)
  }
  (done[0] == ~0 && done[1] == ~0 && (done[RECLAIMER] == ~0 || WAKE_UP_IS_LOST));
  assert(!WAKE_UP_IS_LOST)
}
