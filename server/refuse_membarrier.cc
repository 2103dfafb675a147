// Becomes a program that the kernel refuses membarrier, as seccomp profiles do:
//
//   refuse_membarrier ERRNO COMMAND PROGRAM [ARGUMENT...]
//
// ERRNO is what membarrier is answered with, COMMAND the number of the one command that
// is refused, -1: all. Exit code 77: the system accepts no such filter.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "rcu/child_process.h"

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  if (!rcu::RefuseMembarrier(std::atoi(argv[1]), std::atoi(argv[2]))) return 77;
  execv(argv[3], argv + 3);
  std::perror(argv[3]);
  return 2;
}
