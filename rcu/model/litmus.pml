/*
 * Tests of the machine itself. Two processors, two accesses each; the assertion says that
 * the outcome which only reordering can give does not happen.
 *
 * SHAPE         left              right             asks for
 *   STORE_BUFFERING   x = 1; r = y      y = 1; s = x      r == 0, s == 0
 *   MESSAGE_PASSING   x = 1; y = 1      r = y; s = x      r == 1, s == 0
 *   LOAD_BUFFERING    r = y; x = 1      s = x; y = 1      r == 1, s == 1
 *
 * LEFT and RIGHT say what stands between the two: NOTHING (a compiler barrier), A_FENCE
 * or A_MEMBARRIER. With ORDERED the first loads are acquire, and the second stores
 * release.
 */
#define STORE_BUFFERING 1
#define MESSAGE_PASSING 2
#define LOAD_BUFFERING 3

/* Sets of places: a membarrier has a full fence on each side. */
#define NOTHING 0
#define A_FENCE BIT(1)
#define A_MEMBARRIER (BIT(1) | BIT(2) | BIT(3))

#define PROCESSORS 2
#include "machine.pml"

bool x, y, r, s;

#ifdef ORDERED
#define SECOND_STORE(effect) RELEASE(4, effect)
#define ACQUIRED BIT(0)
#else
#define SECOND_STORE(effect) STORE(4, 0, effect)
#define ACQUIRED 0
#endif

#if SHAPE == STORE_BUFFERING
#define LEFT_ACCESSES :: STORE(0, 0, x = 1) :: LOAD(4, 0, r = y)
#define RIGHT_ACCESSES :: STORE(0, 0, y = 1) :: LOAD(4, 0, s = x)
#define LEFT_STORES BIT(0)
#define RIGHT_STORES BIT(0)
#define OUTCOME (!r && !s)
#elif SHAPE == MESSAGE_PASSING
#define LEFT_ACCESSES :: STORE(0, 0, x = 1) :: SECOND_STORE(y = 1)
#define RIGHT_ACCESSES :: LOAD(0, 0, r = y) :: LOAD(4, 0, s = x)
#define LEFT_STORES (BIT(0) | BIT(4))
#define RIGHT_STORES 0
#define OUTCOME (r && !s)
#else
#define LEFT_ACCESSES :: LOAD(0, 0, r = y) :: SECOND_STORE(x = 1)
#define RIGHT_ACCESSES :: LOAD(0, 0, s = x) :: SECOND_STORE(y = 1)
#define LEFT_STORES BIT(4)
#define RIGHT_STORES BIT(4)
#define OUTCOME (r && s)
#endif

#define LEFT_PROGRAM (BIT(0) | (LEFT) | BIT(4))
#define RIGHT_PROGRAM (BIT(0) | (RIGHT) | BIT(4))

#define PROGRAM LEFT_PROGRAM
#define STORES LEFT_STORES
#define ORDERS ((LEFT) | (ACQUIRED & ~(STORES)))
proctype Left(byte me) {
  do
  LEFT_ACCESSES
  :: FENCE(1)
  :: INTERRUPT(2, 1, RIGHT_PROGRAM)
  :: FENCE(3)
  :: DONE -> break
  od
}
#undef PROGRAM
#undef STORES
#undef ORDERS

#define PROGRAM RIGHT_PROGRAM
#define STORES RIGHT_STORES
#define ORDERS ((RIGHT) | (ACQUIRED & ~(STORES)))
proctype Right(byte me) {
  do
  RIGHT_ACCESSES
  :: FENCE(1)
  :: INTERRUPT(2, 0, LEFT_PROGRAM)
  :: FENCE(3)
  :: DONE -> break
  od
}

init {
  atomic {
    done[0] = ~(LEFT_PROGRAM);
    done[1] = ~(RIGHT_PROGRAM);
    run Left(0);
    run Right(1)
  }
  (done[0] == ~0 && done[1] == ~0);
  assert(!OUTCOME)
}
