// jemalloc reads this before main. MALLOC_CONF in the environment is read after it, and
// so has the last word.
//
// Huge pages for everything, where the system gives them to who asks: entries lie all
// over the heap, and with pages of 4 KiB nearly every lookup in a large table misses the
// TLB for its entry.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always";
}
