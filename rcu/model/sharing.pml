/*
 * Heavy fences that callers share, in grace periods of flavor memb that run side by side.
 *
 *   caller  unlink its object; full fence; need = started + 1; then one of
 *             issuer   lock; n = completed + 1; started = n; full fence; membarrier;
 *                      full fence; completed = n; unlock
 *             served   wait until completed >= need
 *           and E = ++gp; slot; free
 *   reader  twice: epoch = gp; slot = epoch; objects = both pointers; use both; slot = 0
 *
 * With -DONE_WORD `started` and `completed` are one word that is odd while a call is in
 * flight, and need = (word + 3) & ~1.
 *
 * With -DWHOLE callers share grace periods, not fences: the issuer increments gp and
 * scans before it stores `completed`, and whoever is served frees at once.
 *
 * Who is an issuer and who is served is chosen at the start. A caller that is served
 * under the mutex is ordered by more than here.
 *
 * With -DGIVES_UP, which wants ONE_WORD and WHOLE, the first of three callers begins a
 * grace period and gives it up after the membarrier: the word is what it was before. The
 * second is an issuer, the third is served by it; they alone unlink something.
 */
#ifdef GIVES_UP
#define CALLERS 3
#endif
#ifndef CALLERS
#define CALLERS 2
#endif
#define PROCESSORS (CALLERS + 1)
#include "machine.pml"

byte gp = 1;
byte slot;
bool unlinked[CALLERS];
bool freed[CALLERS];
bool locked;
byte started;
byte completed;

/* ---- The reader's places: three and two for each object a section */

#define SECTION_SIZE (3 + 2 * CALLERS)
#define AT(section, i) (SECTION_SIZE * (section) + (i))
#define IN_BOTH(set) ((set) | (set) << AT(1, 0))
#define LAST(s, i) (BIT(AT(s, i)) >> AT(1, 0))
#define EPOCH 0
#define ANNOUNCE 1
#define POINTER(object) (2 + 2 * (object))
#define USE(object) (3 + 2 * (object))
#define END (2 + 2 * CALLERS)

#define HELD(s, object) held[(s) * CALLERS + object]

#define OBJECT(s, object)                                                               \
  :: LOAD(AT(s, POINTER(object)), LAST(s, POINTER(object)),                             \
          HELD(s, object) = !unlinked[object])                                          \
  :: LOAD(AT(s, USE(object)), BIT(AT(s, POINTER(object))),                              \
          wrong = wrong || (HELD(s, object) && freed[object]); HELD(s, object) = false)
#if CALLERS == 3
#define OBJECTS(s) OBJECT(s, 0) OBJECT(s, 1) OBJECT(s, 2)
#else
#define OBJECTS(s) OBJECT(s, 0) OBJECT(s, 1)
#endif

#define SECTION(s)                                                                      \
  :: LOAD(AT(s, EPOCH), LAST(s, EPOCH), epoch[s] = gp)                                  \
  :: RELEASE(AT(s, ANNOUNCE), slot = epoch[s]; epoch[s] = 0)                            \
  OBJECTS(s)                                                                            \
  :: RELEASE(AT(s, END), slot = 0)

#ifdef GIVES_UP
#define NOT_UNLINKED IN_BOTH(BIT(POINTER(0)) | BIT(USE(0)))
#else
#define NOT_UNLINKED 0
#endif
#define READER_PROGRAM (BELOW(AT(2, 0)) & ~(NOT_UNLINKED))
#define PROGRAM READER_PROGRAM
#define STORES IN_BOTH(BIT(ANNOUNCE) | BIT(END))
#define ORDERS 0
proctype Reader(byte me) {
  byte epoch[2];
  bool held[2 * CALLERS];
  do
  SECTION(0)
  SECTION(1)
  :: DONE -> break
  od
}
#undef PROGRAM
#undef STORES
#undef ORDERS

/* ---- The caller's places */

#define UNLINK 1
#define CALLER_FENCE 2
#ifdef SNAPSHOT_FIRST
#define SNAPSHOT 0
#else
#define SNAPSHOT 3
#endif
#define WAIT 4
#define LOCK 5
#ifdef STARTED_LATE
#define START 11
#else
#define START 7
#endif
#define FENCE_BEFORE 8
#define BARRIER 9
#define FENCE_AFTER 10
#ifdef COMPLETED_EARLY
#define COMPLETE 6
#elif defined(WHOLE)
#define COMPLETE 16
#else
#define COMPLETE 12
#endif
#define GIVE_UP 12 /* Of WHOLE, where COMPLETE is not there. */
#ifdef WHOLE
#define UNLOCK 17
#else
#define UNLOCK 13
#endif
#define INCREMENT 14
#define SCAN 15
#define FREE 18

#ifdef ONE_WORD
#define COMPLETED started
#define NEXT (started + 2)
#define STARTED(n) ((n) - 1)
#ifdef NEED_TOO_LOW
#define NEED ((started + 2) & ~1)
#else
#define NEED ((started + 3) & ~1)
#endif
#else
#define COMPLETED completed
#define NEXT (completed + 1)
#define STARTED(n) (n)
#if defined(NEED_STARTED)
#define NEED started
#elif defined(NEED_COMPLETED)
#define NEED (completed + 1)
#else
#define NEED (started + 1)
#endif
#endif

#ifdef NO_CALLER_FENCE
#define CALLER_FENCES 0
#else
#define CALLER_FENCES BIT(CALLER_FENCE)
#endif
#ifdef NO_ISSUER_FENCE
#define ISSUER_FENCES BIT(FENCE_AFTER)
#else
#define ISSUER_FENCES (BIT(FENCE_BEFORE) | BIT(FENCE_AFTER))
#endif
#ifdef WAIT_RELAXED
#define ACQUIRES (BIT(LOCK) | BIT(SCAN))
#else
#define ACQUIRES (BIT(LOCK) | BIT(SCAN) | BIT(WAIT))
#endif

#define LOOK_AT_READER (BIT(INCREMENT) | BIT(SCAN))
#ifdef WHOLE
#define COMMON (BIT(UNLINK) | CALLER_FENCES | BIT(SNAPSHOT) | BIT(FREE))
#define ISSUER (ISSUE | LOOK_AT_READER)
#else
#define COMMON                                                                          \
  (BIT(UNLINK) | CALLER_FENCES | BIT(SNAPSHOT) | BIT(FREE) | LOOK_AT_READER)
#define ISSUER ISSUE
#endif
#define ISSUE                                                                           \
  (BIT(LOCK) | BIT(START) | ISSUER_FENCES | BIT(BARRIER) | BIT(COMPLETE) | BIT(UNLOCK))
#define SERVED BIT(WAIT)

#ifdef GIVES_UP
#define MAY_GIVE_UP BIT(GIVE_UP)
#else
#define MAY_GIVE_UP 0
#endif
#ifdef GIVEN_UP_COUNTS
#define GIVEN_UP n
#else
#define GIVEN_UP (n - 2)
#endif

#define PROGRAM (COMMON | ISSUER | SERVED | MAY_GIVE_UP)
#define STORES                                                                          \
  (BIT(UNLINK) | BIT(START) | BIT(COMPLETE) | BIT(UNLOCK) | BIT(INCREMENT) | MAY_GIVE_UP)
#define ORDERS (BIT(CALLER_FENCE) | BIT(FENCE_BEFORE) | BIT(FENCE_AFTER) | ACQUIRES)
proctype Caller(byte me) {
  byte need;
  byte n;
  byte E;
#ifdef GIVES_UP
  if
  :: me == 0 -> done[me] = ~(ISSUE | MAY_GIVE_UP) | BIT(COMPLETE)
  :: me == 1 -> done[me] = done[me] | SERVED | MAY_GIVE_UP
  :: else -> done[me] = done[me] | ISSUER | MAY_GIVE_UP
  fi;
#else
  if
  :: done[me] = done[me] | ISSUER
  :: done[me] = done[me] | SERVED
  fi;
#endif
  do
  :: STORE(UNLINK, 0, unlinked[me] = true)
  :: FENCE(CALLER_FENCE)
  :: LOAD(SNAPSHOT, 0, need = NEED)
  :: LOAD_WHEN(WAIT, BIT(SNAPSHOT), COMPLETED >= need)
  :: EXECUTE(LOCK, LOAD_WAITS(LOCK, 0), !locked, locked = true; n = NEXT)
  :: STORE(START, BIT(LOCK), started = STARTED(n))
  :: FENCE(FENCE_BEFORE)
  :: INTERRUPT(BARRIER, CALLERS, READER_PROGRAM)
  :: FENCE(FENCE_AFTER)
#ifdef GIVES_UP
  :: RELEASE(GIVE_UP, COMPLETED = GIVEN_UP)
#endif
  :: RELEASE(COMPLETE, COMPLETED = n)
  :: RELEASE(UNLOCK, locked = false)
  /* A read-modify-write, relaxed. */
  :: STORE(INCREMENT, 0, gp++; E = gp)
  :: LOAD_WHEN(SCAN, BIT(INCREMENT), slot == 0 || slot >= E)
  :: LOAD(FREE, 0, freed[me] = true)
  :: DONE -> break
  od
}

init {
  atomic {
    done[0] = ~(PROGRAM);
    done[1] = ~(PROGRAM);
#if CALLERS == 3
    done[2] = ~(PROGRAM);
#endif
    done[CALLERS] = ~(READER_PROGRAM);
    run Caller(0);
    run Caller(1);
#if CALLERS == 3
    run Caller(2);
#endif
    run Reader(CALLERS)
  }
  (done[0] == ~0 && done[1] == ~0 && done[CALLERS] == ~0);
#if CALLERS == 3
  (done[2] == ~0);
#endif
  assert(!wrong)
}
