// A command line as one would type it.
#ifndef RCUKV_LOADTEST_PAGE_SHELL_COMMAND_H_
#define RCUKV_LOADTEST_PAGE_SHELL_COMMAND_H_

#include <string>
#include <vector>

namespace rcukv::loadtest {

// `words` for a POSIX shell, which makes the same words of it again: those that it would
// not take as they are stand in quotes.
std::string ShellCommand(const std::vector<std::string>& words);

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_PAGE_SHELL_COMMAND_H_
