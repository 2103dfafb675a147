// What several_files_test does in a file other than its own.
#ifndef RCUKV_RCU_SEVERAL_FILES_TEST_H_
#define RCUKV_RCU_SEVERAL_FILES_TEST_H_

namespace rcu {

// Opens and ends a section in each flavor that the machine has, with a thread that is
// online.
void ReadInAnotherFile();

// Waits for a grace period in each.
void SynchronizeInAnotherFile();

}  // namespace rcu

#endif  // RCUKV_RCU_SEVERAL_FILES_TEST_H_
