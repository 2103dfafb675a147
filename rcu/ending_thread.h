// Keeps a thread that is about to end from being interrupted.
//
// A signal handler may read. Where the thread has left its domain by then, it would
// become a member again: by way of locks that the handler may have interrupted the thread
// in, and for good, as nothing runs after the last of a thread's destructors that could
// undo it. (glibc even hands what such a destructor would have been given to the next
// thread that gets the same stack.)
#ifndef RCUKV_RCU_ENDING_THREAD_H_
#define RCUKV_RCU_ENDING_THREAD_H_

namespace rcu {

// From its return on the calling thread takes no signals, but those that its own
// instructions raise (SIGSEGV and the like) and that of flavor signal, where it has
// joined. Signals to the process go to its other threads.
void BlockSignalsOfEndingThread();

}  // namespace rcu

#endif  // RCUKV_RCU_ENDING_THREAD_H_
