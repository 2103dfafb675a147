/*
 * Epochs: what readers announce. Grace period n is over for a reader that is idle, or has
 * announced an epoch that IS_NEW.
 */
#ifdef START_AT_ZERO
#define FIRST_EPOCH 0
#else
#define FIRST_EPOCH 1
#endif

#ifdef PARITY
#define EPOCH_OF(n) (2 - (n) % 2)
#define IS_NEW(epoch, n) ((epoch) == EPOCH_OF(n))
#else
#define EPOCH_OF(n) (FIRST_EPOCH + 1 + (n))
#ifdef PREVIOUS_EPOCH
#define IS_NEW(epoch, n) ((epoch) >= EPOCH_OF(n) - 1)
#else
#define IS_NEW(epoch, n) ((epoch) >= EPOCH_OF(n))
#endif
#endif

byte gp = FIRST_EPOCH;
/* 0: idle. */
byte slot[READERS];
