// How many files and connections the process may have open.
#ifndef RCUKV_SERVER_OPEN_FILES_H_
#define RCUKV_SERVER_OPEN_FILES_H_

namespace rcukv {

// Raises the soft limit to the hard one, which needs no right. Usual is a soft limit of
// 1024, for programs that use select(); each connection is a file, and the store has
// files too. Where it cannot be raised it stays as it is.
void RaiseOpenFilesLimit();

}  // namespace rcukv

#endif  // RCUKV_SERVER_OPEN_FILES_H_
