/*
 * Flavor qsbr: a section costs nothing; a thread says when it is between sections.
 *
 *   reader  Online; section; Quiesce; section; Offline; Online; section; Offline
 *   writer  twice: unlink; full fence; ++gp; slots; free
 *
 *   section  object = ptr; use
 *   Online   epoch = gp; slot = epoch; full fence
 *   Quiesce  epoch = gp; if (epoch != slot) { slot = epoch; full fence }
 *   Offline  slot = 0
 *
 * Object n is unlinked by ptr = n + 1.
 */
#include "grace_period.pml"
#include "epoch.pml"


/* ---- The reader's places: nine a section. ENTER is Online, in section 1 Quiesce. */

#define AT(section, i) (9 * (section) + (i))
#define IN_EACH(set) ((set) << AT(0, 0) | (set) << AT(1, 0) | (set) << AT(2, 0))
#define EPOCH 0
#ifdef ANNOUNCE_LATE
#define ANNOUNCE 5
#else
#define ANNOUNCE 1
#endif
#define READER_FENCE 2
#define POINTER 4
#if defined(USE_LATE)
#define USE 8
#elif defined(HELD_ACROSS_QUIESCE)
#define USE 12 /* in the next section */
#else
#define USE 6
#endif
#define OFFLINE 7

#if defined(ONLINE_WITHOUT_FENCE)
#define READER_FENCES BIT(AT(1, READER_FENCE))
#elif defined(QUIESCE_WITHOUT_FENCE)
#define READER_FENCES (BIT(AT(0, READER_FENCE)) | BIT(AT(2, READER_FENCE)))
#else
#define READER_FENCES IN_EACH(BIT(READER_FENCE))
#endif

#ifdef QUIESCE_RELAXED
#define QUIESCE(effect) STORE(AT(1, ANNOUNCE), BIT(AT(1, EPOCH)), effect)
#else
#define QUIESCE(effect) RELEASE(AT(1, ANNOUNCE), effect)
#endif
#ifdef OFFLINE_RELAXED
#define GO_OFFLINE(s) STORE(AT(s, OFFLINE), BIT(AT(s, ANNOUNCE)), slot[me] = 0)
#else
#define GO_OFFLINE(s) RELEASE(AT(s, OFFLINE), slot[me] = 0; epoch[0] = 0)
#endif

/* The same load a section before: loads of one variable stay in order. */
#define LAST(s, i) (BIT(AT(s, i)) >> AT(1, 0))

#define ONLINE(s)                                                                  \
  :: LOAD(AT(s, EPOCH), LAST(s, EPOCH), epoch[s] = gp)                             \
  :: RELEASE(AT(s, ANNOUNCE), slot[me] = epoch[s])                                 \
  :: FENCE(AT(s, READER_FENCE))

#define SECTION(s)                                                                 \
  :: LOAD(AT(s, POINTER), LAST(s, POINTER), object[s] = ptr)                       \
  :: LOAD(AT(s, USE), BIT(AT(s, POINTER)), USE_OF(object[s]))

#define READER_PROGRAM                                                             \
  (IN_EACH(BIT(EPOCH) | BIT(ANNOUNCE) | BIT(POINTER) | BIT(USE)) | READER_FENCES | \
   BIT(AT(1, OFFLINE)) | BIT(AT(2, OFFLINE)))
#define PROGRAM READER_PROGRAM
#define STORES (IN_EACH(BIT(ANNOUNCE)) | BIT(AT(1, OFFLINE)) | BIT(AT(2, OFFLINE)))
#define ORDERS IN_EACH(BIT(READER_FENCE))
proctype Reader(byte me) {
  byte epoch[3];
  byte object[3];
  /* Whether Quiesce finds that the epoch has changed. If not, it only loads. */
  bool news;
  if
  :: news = true
  :: done[me] = done[me] | BIT(AT(1, ANNOUNCE)) | BIT(AT(1, READER_FENCE))
  fi;
  do
  ONLINE(0)
  SECTION(0)
  :: EXECUTE(AT(1, EPOCH), LOAD_WAITS(AT(1, EPOCH), LAST(1, EPOCH)),
             news == (gp != epoch[0]), epoch[1] = gp)
  :: QUIESCE(slot[me] = epoch[1]; epoch[1] = 0)
  :: FENCE(AT(1, READER_FENCE))
  SECTION(1)
  :: GO_OFFLINE(1)
  ONLINE(2)
  SECTION(2)
  :: GO_OFFLINE(2)
  :: DONE -> break
  od
}
#undef PROGRAM
#undef STORES
#undef ORDERS

/* ---- The writer's places: ten a grace period */

#define IN(grace_period, i) (10 * (grace_period) + (i))
#define IN_BOTH(set) ((set) | (set) << IN(1, 0))

#ifdef FENCE_FIRST
#define UNLINK 4
#else
#define UNLINK 1
#endif
#ifdef FENCE_LAST
#define WRITER_FENCE 8
#else
#define WRITER_FENCE 3
#endif
#if defined(INCREMENT_FIRST)
#define INCREMENT 0
#elif defined(INCREMENT_BEFORE_FENCE)
#define INCREMENT 2
#else
#define INCREMENT 5
#endif
#define SCAN 6
#define FREE 9

#ifdef NO_WRITER_FENCE
#define WRITER_FENCES 0
#else
#define WRITER_FENCES BIT(WRITER_FENCE)
#endif
#ifdef SCAN_RELAXED
#define ACQUIRES 0
#else
#define ACQUIRES (BIT(SCAN) | BIT(SCAN + 1))
#endif

#define BEFORE(n, i) (BIT(IN(n, i)) >> IN(1, 0))

#define WAIT_FOR(n, reader) \
  LOAD_WHEN(IN(n, SCAN + reader), 0, slot[reader] == 0 || IS_NEW(slot[reader], n))

#define GRACE_PERIOD(n)                                                  \
  :: STORE(IN(n, UNLINK), BEFORE(n, UNLINK), ptr = n + 1)                \
  :: FENCE(IN(n, WRITER_FENCE))                                          \
  :: STORE(IN(n, INCREMENT), BEFORE(n, INCREMENT), gp = EPOCH_OF(n))     \
  :: WAIT_FOR(n, 0)                                                      \
  :: WAIT_FOR(n, 1)                                                      \
  :: RECLAIM(IN(n, FREE), n)

#define WRITER_PROGRAM                                                             \
  IN_BOTH(BIT(UNLINK) | WRITER_FENCES | BIT(INCREMENT) | BIT(SCAN) | BIT(SCAN + 1) | \
          BIT(FREE))
#define PROGRAM WRITER_PROGRAM
#define STORES IN_BOTH(BIT(UNLINK) | BIT(INCREMENT))
#define ORDERS IN_BOTH(BIT(WRITER_FENCE) | ACQUIRES)
proctype Writer(byte me) {
  do
  GRACE_PERIOD(0)
  GRACE_PERIOD(1)
  :: DONE -> break
  od
}

RUN_ALL(READER_PROGRAM, READER_PROGRAM, WRITER_PROGRAM)
