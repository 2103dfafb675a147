// Ctrl-C and SIGTERM, as a request to end that the program looks at where it suits it.
//
// Thread safety: any thread at any time.
#ifndef RCUKV_LOADTEST_BASE_INTERRUPT_H_
#define RCUKV_LOADTEST_BASE_INTERRUPT_H_

#include "absl/time/time.h"

namespace rcukv::loadtest {

// From here on SIGINT and SIGTERM set the request. A second one ends the program at once.
void CatchInterrupts();

bool Interrupted();

// Readable once the request is there, for poll(2); -1, which poll ignores, before
// CatchInterrupts.
int InterruptFd();

// Returns after `duration`, or as soon as the request is there. Returns Interrupted().
bool SleepUnlessInterrupted(absl::Duration duration);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_BASE_INTERRUPT_H_
