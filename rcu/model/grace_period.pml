/*
 * What the models of grace periods have in common: readers that use an object, and a
 * writer that unlinks one object after another, waits for a grace period, and frees it.
 */
#define READERS 2
#define GRACE_PERIODS 2
#define PROCESSORS (READERS + 1)
#include "machine.pml"

/* The object that is linked; grace period n unlinks object n. */
byte ptr;
bool freed[GRACE_PERIODS + 1];

/* A reader's use of an object, for the last time. */
#define USE_OF(object) \
  wrong = wrong || freed[object]; \
  object = 0

/* The writer reclaims: it begins with a load of the object, so that no store's order
 * holds it back. */
#define RECLAIM(i, n) LOAD(i, 0, freed[n] = true)

#define RUN_ALL(reader_0, reader_1, writer)     \
  init {                                        \
    atomic {                                    \
      done[0] = ~(reader_0);                     \
      done[1] = ~(reader_1);                    \
      done[2] = ~(writer);                       \
      run Reader(0);                            \
      run Reader(1);                            \
      run Writer(2)                             \
    }                                           \
    (done[0] == ~0 && done[1] == ~0 && done[2] == ~0); \
    assert(!wrong)                              \
  }
