/*
 * A machine with store buffers, on which the models of this folder run.
 *
 * A processor is a proctype whose parameter `me` is its number. Its program is straight-line
 * code: the options of one `do`, an instruction a line, each at a place in program order.
 * An instruction executes once those that it has to wait for have executed; which
 * these are is all there is to a memory model:
 *
 *   SC    every earlier instruction.
 *   TSO   x86. A load does not wait for earlier stores: a store executes when it leaves
 *         the processor's store buffer, first in, first out, while loads run ahead.
 *   WEAK  Arm and C++. An instruction waits for what its operands come from (`after`) and
 *         for earlier acquire loads and fences; a release store for all that is earlier.
 *         So stores leave the buffer in any order, and loads run ahead of everything.
 *
 * There is one memory: a store that executes does so for all other processors at once, as
 * on x86 and Armv8. What a processor stored and loads again is no instruction here; the
 * models keep it in a local, which is what a store buffer that forwards amounts to.
 *
 * Branches are straight-line code, too. A wait is a load that executes once its
 * condition holds: a round that fails changes nothing. Where a program goes one of two
 * ways, the way is chosen at the start, and the load that decides it executes only if it
 * agrees: a processor that was mistaken stops. So deadlock is no error here, and what
 * went wrong counts only once every processor is done.
 *
 * Before the include: MEMORY is one of the three, PROCESSORS how many there are. Before
 * each proctype: PROGRAM, the set of its places that have an instruction (the others
 * count as executed from the start, done = ~PROGRAM); STORES, its stores that are no
 * fences; ORDERS, its fences and acquire loads. A set has a bit a place.
 */
#define SC 1
#define TSO 2
#define WEAK 3

#define BIT(i) (1 << (i))
#define BELOW(i) (BIT(i) - 1)

/* The places of each processor whose instructions have executed. */
int done[PROCESSORS];

#define DONE (done[me] == ~0)

/* Whether an outcome that must not be was seen. */
bool wrong;

#if MEMORY == SC
#define LOAD_WAITS(i, after) BELOW(i)
#define STORE_WAITS(i, after) BELOW(i)
#elif MEMORY == TSO
#define LOAD_WAITS(i, after) ((after) | (BELOW(i) & ~(STORES)))
#define STORE_WAITS(i, after) BELOW(i)
#else
#define LOAD_WAITS(i, after) ((after) | (BELOW(i) & (ORDERS)))
#define STORE_WAITS(i, after) ((after) | (BELOW(i) & (ORDERS)))
#endif

#define EXECUTE(i, waits, condition, effect)                                   \
  d_step {                                                                     \
    (done[me] & (BIT(i) | (waits))) == (waits) && (condition) ->              \
    effect;                                                                    \
    done[me] = done[me] | BIT(i)                                               \
  }

/* The instruction at place `i`; `after` is the set of places that its operands come from.
 * A LOAD is an acquire load if its place is in ORDERS. */
#define LOAD(i, after, effect) EXECUTE(i, LOAD_WAITS(i, after), true, effect)
#define LOAD_WHEN(i, after, condition) EXECUTE(i, LOAD_WAITS(i, after), condition, skip)
#define STORE(i, after, effect) EXECUTE(i, STORE_WAITS(i, after), true, effect)
#define RELEASE(i, effect) EXECUTE(i, BELOW(i), true, effect)
#define FENCE(i) EXECUTE(i, BELOW(i), true, skip)

/* What membarrier(2) does to another processor: a full barrier between two of its
 * instructions, nobody knows which. All before it have executed and none after it, so
 * what has executed at that moment is a prefix of its program, `program`. A thread that
 * does not run had its barrier when it was switched out, which is no different. */
#define IS_PREFIX(set, program) (((set) & ((set) + 1) & (program)) == 0)
#define INTERRUPT(i, other, program) LOAD_WHEN(i, 0, IS_PREFIX(done[other], program))
