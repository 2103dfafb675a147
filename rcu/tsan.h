// Whether ThreadSanitizer watches: RCUKV_RCU_TSAN is 1 or 0. For the few things that it
// cannot see into, or that do not work under it.
#ifndef RCUKV_RCU_TSAN_H_
#define RCUKV_RCU_TSAN_H_

#if defined(__SANITIZE_THREAD__)
#define RCUKV_RCU_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RCUKV_RCU_TSAN 1
#endif
#endif

#ifndef RCUKV_RCU_TSAN
#define RCUKV_RCU_TSAN 0
#endif

#endif  // RCUKV_RCU_TSAN_H_
