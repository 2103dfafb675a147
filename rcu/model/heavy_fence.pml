/*
 * The places of a heavy fence, from HEAVY on: the caller's own fence, the barriers of two
 * other processors, the caller's own fence; and what mutants leave of it.
 */
#define FENCE_BEFORE BIT(HEAVY)
#define BARRIERS (BIT(HEAVY + 1) | BIT(HEAVY + 2))
#define FENCE_AFTER BIT(HEAVY + 3)

#if defined(NO_HEAVY_FENCE)
#define HEAVY_FENCE 0
#elif defined(NO_MEMBARRIER)
#define HEAVY_FENCE (FENCE_BEFORE | FENCE_AFTER)
#elif defined(NO_FENCE_BEFORE)
#define HEAVY_FENCE (BARRIERS | FENCE_AFTER)
#elif defined(NO_FENCE_AFTER)
#define HEAVY_FENCE (FENCE_BEFORE | BARRIERS)
#elif defined(MB)
#define HEAVY_FENCE FENCE_BEFORE
#else
#define HEAVY_FENCE (FENCE_BEFORE | BARRIERS | FENCE_AFTER)
#endif
