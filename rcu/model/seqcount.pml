/*
 * The sequence count (../seqcount.h): two write sections of one writer, and a reader.
 *
 *   writer  twice: count = odd; write fence; x = n; y = n; count = even
 *   reader  sample = count; x; y; read fence; count == sample and even?
 *
 * Section n makes x and y n and the count 2n; what the reader accepts must be so. It may
 * sample at any moment, so it need not try again.
 *
 * The writer has stores alone and the reader loads alone, so the machine's full fence is
 * here what a write fence and a read fence are.
 *
 * With -DPUBLISHED x and y are like the hash map's slots, release stores and acquire
 * loads, and there is no fence: they would not need the two of the count.
 */
#define PROCESSORS 2
#include "machine.pml"

byte count;
byte x;
byte y;

/* ---- The writer's places: five a section */

#define AT(section, i) (5 * (section) + (i))
#define ODD 0
#define WRITE_FENCE 1
#define X 2
#define Y 3
#define EVEN 4

#if defined(NO_WRITE_FENCE) || defined(RELEASE_OPENS) || defined(PUBLISHED)
#define SECTION (BIT(ODD) | BIT(X) | BIT(Y) | BIT(EVEN))
#elif defined(NO_ODD)
#define SECTION (BIT(WRITE_FENCE) | BIT(X) | BIT(Y) | BIT(EVEN))
#else
#define SECTION (BIT(ODD) | BIT(WRITE_FENCE) | BIT(X) | BIT(Y) | BIT(EVEN))
#endif

/* Stores of one variable stay in order: `i` of section s after `before` of the last. */
#define LAST(s, before) ((s) * BIT(AT(0, before)))

#ifdef RELEASE_OPENS
#define OPEN(s) RELEASE(AT(s, ODD), count = 2 * (s) + 1)
#else
#define OPEN(s) STORE(AT(s, ODD), LAST(s, EVEN), count = 2 * (s) + 1)
#endif

#ifdef EVEN_RELAXED
#define CLOSE(s) STORE(AT(s, EVEN), BIT(AT(s, ODD)) | LAST(s, EVEN), count = 2 * (s) + 2)
#else
#define CLOSE(s) RELEASE(AT(s, EVEN), count = 2 * (s) + 2)
#endif

#ifdef PUBLISHED
#define SET(s, i, variable) RELEASE(AT(s, i), variable = (s) + 1)
#else
#define SET(s, i, variable) STORE(AT(s, i), LAST(s, i), variable = (s) + 1)
#endif

#define WRITE_SECTION(s)         \
  :: OPEN(s)                     \
  :: FENCE(AT(s, WRITE_FENCE))   \
  :: SET(s, X, x)                \
  :: SET(s, Y, y)                \
  :: CLOSE(s)

#define IN_BOTH(set) ((set) | (set) << AT(1, 0))
#define WRITER_PROGRAM IN_BOTH(SECTION)

#define PROGRAM WRITER_PROGRAM
#define STORES IN_BOTH(BIT(ODD) | BIT(X) | BIT(Y) | BIT(EVEN))
#define ORDERS IN_BOTH(BIT(WRITE_FENCE))
proctype Writer(byte me) {
  do
  WRITE_SECTION(0)
  WRITE_SECTION(1)
  :: DONE -> break
  od
}
#undef PROGRAM
#undef STORES
#undef ORDERS

/* ---- The reader's places */

#define SAMPLE 0
#define SEE_X 1
#define SEE_Y 2
#define READ_FENCE 3
#define COMPARE 4

#define LOADS (BIT(SAMPLE) | BIT(SEE_X) | BIT(SEE_Y) | BIT(COMPARE))
#if defined(NO_READ_FENCE) || defined(ACQUIRE_COMPARES) || defined(PUBLISHED)
#define READER_PROGRAM LOADS
#else
#define READER_PROGRAM (LOADS | BIT(READ_FENCE))
#endif

#ifdef SAMPLE_RELAXED
#define SAMPLE_ORDERS 0
#else
#define SAMPLE_ORDERS BIT(SAMPLE)
#endif
#ifdef ACQUIRE_COMPARES
#define COMPARE_ORDERS BIT(COMPARE)
#else
#define COMPARE_ORDERS 0
#endif
#ifdef PUBLISHED
#define DATA_ORDERS (BIT(SEE_X) | BIT(SEE_Y))
#else
#define DATA_ORDERS 0
#endif

#if defined(NO_COMPARISON)
#define ACCEPTED (sample % 2 == 0)
#elif defined(ODD_ACCEPTED)
#define ACCEPTED (compared == sample)
#else
#define ACCEPTED (sample % 2 == 0 && compared == sample)
#endif

#define PROGRAM READER_PROGRAM
#define STORES 0
#define ORDERS (SAMPLE_ORDERS | DATA_ORDERS | BIT(READ_FENCE) | COMPARE_ORDERS)
proctype Reader(byte me) {
  byte sample;
  byte seen_x;
  byte seen_y;
  byte compared;
  do
  :: LOAD(SAMPLE, 0, sample = count)
  :: LOAD(SEE_X, 0, seen_x = x)
  :: LOAD(SEE_Y, 0, seen_y = y)
  :: FENCE(READ_FENCE)
  :: LOAD(COMPARE, BIT(SAMPLE), compared = count)
  :: DONE -> break
  od;
  wrong = ACCEPTED && !(2 * seen_x == sample && 2 * seen_y == sample)
}

init {
  atomic {
    done[0] = ~(WRITER_PROGRAM);
    done[1] = ~(READER_PROGRAM);
    run Writer(0);
    run Reader(1)
  }
  /* Both have ended. */
  (_nr_pr == 1);
  assert(!wrong)
}
