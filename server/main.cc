// rcukv_server: a server in the foreground. See flags.h for its flags.
#include <google/protobuf/stubs/logging.h>
#include <grpc/grpc.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/flags.h"
#include "server/open_files.h"
#include "server/server.h"
#include "server/service/version.h"

namespace rcukv {
namespace {

constexpr int kExitWrongFlag = 2;
constexpr int kExitError = 1;

sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// While it lives, the first signal ends the process at once: to load may take minutes,
// and nobody has been answered yet. The system gives a signal to a thread that does not
// block it, and this is the only one.
class EndsAtOnce {
 public:
  EndsAtOnce()
      : thread_([this] {
          const sigset_t signals = EndSignals();
          pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
          over_.get_future().wait();
        }) {}
  ~EndsAtOnce() {
    over_.set_value();
    thread_.join();
  }

 private:
  std::promise<void> over_;
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<Server>> Start() {
  EndsAtOnce until_it_listens;
  return Server::Start(OptionsFromFlags());
}

// Waits for the first signal; the second ends the process at once.
void WaitForEndSignal() {
  const sigset_t signals = EndSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

int Fail(const absl::Status& status, int exit_code) {
  std::fprintf(stderr, "rcukv_server: %s\n", std::string(status.message()).c_str());
  return exit_code;
}

int Serve() {
  // Debian's Abseil is built with assertions, and then looks for deadlocks in every lock
  // that gRPC takes, under a lock of its own that all threads share.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // It would say on stderr what is wrong with each malformed request; the client is told.
  google::protobuf::SetLogHandler(nullptr);

  // Before there are threads, which inherit it: the signals are for EndsAtOnce, and then
  // for this one alone.
  const sigset_t signals = EndSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  RaiseOpenFilesLimit();

  // Never undone: gRPC's end waits for a thread of its own, which polls for ten seconds
  // for what a connection may still write, whether it is there or not.
  grpc_init();

  const absl::StatusOr<std::unique_ptr<Server>> started = Start();
  if (!started.ok()) return Fail(started.status(), kExitError);
  Server& server = **started;
  if (!server.fallback_reason().empty()) {
    std::fprintf(stderr, "rcukv_server: serving with flavor mb instead: %s\n",
                 server.fallback_reason().c_str());
  }
  std::printf("rcukv_server %s listening on %s (admin %s), %s, pid %d\n",
              std::string(kVersion).c_str(), server.address().c_str(),
              server.admin_address().c_str(), server.Description().c_str(), getpid());
  std::fflush(stdout);

  WaitForEndSignal();
  const absl::Status stopped = server.Shutdown(Server::kDrainTime);
  if (server.broken_connections() != 0) {
    std::fprintf(stderr,
                 "rcukv_server: connections broken, as their clients did not read: %zu\n",
                 server.broken_connections());
  }
  return stopped.ok() ? 0 : Fail(stopped, kExitError);
}

int Main(int argc, char** argv) {
  const absl::StatusOr<Command> command =
      ParseFlags({argv + 1, static_cast<size_t>(argc - 1)});
  if (!command.ok()) return Fail(command.status(), kExitWrongFlag);
  switch (*command) {
    case Command::kHelp:
      std::fputs(FlagsHelp().c_str(), stdout);
      return 0;
    case Command::kVersion:
      std::printf("rcukv_server %s\n", std::string(kVersion).c_str());
      return 0;
    case Command::kServe:
      return Serve();
  }
  return kExitError;
}

}  // namespace
}  // namespace rcukv

int main(int argc, char** argv) { return rcukv::Main(argc, argv); }
