#include "server/store/data_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace rcukv {
namespace {

namespace fs = std::filesystem;

constexpr char kLock[] = "lock";
constexpr const char* kFormatFile = DataDirectory::kFormatFile;
constexpr char kFormatNew[] = "format.new";
constexpr const char* kDatabase = DataDirectory::kDatabase;
constexpr char kDatabaseNew[] = "rocksdb.new";

// Followed by the version and a newline.
constexpr char kFormatText[] = "rcukv store, format ";

constexpr char kElsewhere[] = "give --data_dir another directory";

std::string In(const std::string& path, std::string_view name) {
  return (fs::path(path) / name).string();
}

bool IsOfRights(int error) { return error == EACCES || error == EPERM || error == EROFS; }

absl::Status CannotWrite(const std::string& path, int error) {
  const std::string what = absl::StrCat("cannot write in the data directory ", path, ": ",
                                        std::strerror(error));
  if (!IsOfRights(error)) {
    return absl::UnavailableError(
        absl::StrCat(what, "; mend that and start again, or ", kElsewhere));
  }
  return absl::PermissionDeniedError(absl::StrCat(
      what, "; see to it that the user of this server can, or ", kElsewhere));
}

absl::Status Damaged(const std::string& path, std::string_view what) {
  return absl::DataLossError(
      absl::StrCat("the data directory ", path, " is damaged: ", std::string(what),
                   "; put a copy of it in its place, or ", kElsewhere));
}

// Whether it may be in a directory without a format: what a first start leaves before it
// has written that, and what mkfs makes.
bool MayBeInANewOne(std::string_view name) {
  return name == kLock || name == kFormatNew || name == kDatabaseNew ||
         name == "lost+found";
}

// Some name in it that may not be in a new one; empty: there is none.
absl::StatusOr<std::string> FindForeign(const std::string& path) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    std::string name = entry.path().filename().string();
    if (!MayBeInANewOne(name)) return name;
  }
  if (error) return CannotWrite(path, error.value());
  return std::string();
}

absl::Status NotOurs(const std::string& path, const std::string& name) {
  return absl::FailedPreconditionError(
      absl::StrCat("the data directory ", path, " is not rcukv's: it has ", name,
                   " in it, and no file '", kFormatFile, "'; ", kElsewhere,
                   ", empty or made by rcukv"));
}

absl::Status CheckFormat(const std::string& path) {
  std::ifstream file(In(path, kFormatFile));
  const std::string content(std::istreambuf_iterator<char>(file), {});
  absl::string_view text = content;
  int format = 0;
  if (!absl::ConsumePrefix(&text, kFormatText) || !absl::ConsumeSuffix(&text, "\n") ||
      !absl::SimpleAtoi(text, &format) || format < 1) {
    return Damaged(path, "its file 'format' does not say what it is");
  }
  if (format > DataDirectory::kFormat) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the data directory ", path, " was written by a newer version of rcukv (format ",
        format, "; this one reads up to ", DataDirectory::kFormat,
        "); start that version, or ", kElsewhere));
  }
  return absl::OkStatus();
}

enum class State { kNew, kMade };

// Looks for the format last: another first start may write it, and then what must not be
// in a new one, at any time.
absl::StatusOr<State> Recognize(const std::string& path) {
  const absl::StatusOr<std::string> foreign = FindForeign(path);
  if (!foreign.ok()) return foreign.status();
  std::error_code error;
  const bool made = fs::exists(In(path, kFormatFile), error);
  if (error) return CannotWrite(path, error.value());
  if (made) {
    if (absl::Status status = CheckFormat(path); !status.ok()) return status;
    return State::kMade;
  }
  if (!foreign->empty()) return NotOurs(path, *foreign);
  return State::kNew;
}

absl::Status OpenElsewhere(const std::string& path) {
  std::ifstream file(In(path, kLock));
  std::string pid;
  file >> pid;
  return absl::UnavailableError(
      absl::StrCat("another server", pid.empty() ? "" : ", process ", pid,
                   ", has the data directory ", path, " open; stop it, or ", kElsewhere));
}

// The file descriptor that holds the lock.
absl::StatusOr<int> Lock(const std::string& path) {
  const int fd = open(In(path, kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return CannotWrite(path, errno);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    close(fd);
    return OpenElsewhere(path);
  }
  // For OpenElsewhere; nothing rests on it.
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data(), pid.size(), 0) < 0) {
    const int error = errno;
    close(fd);
    return CannotWrite(path, error);
  }
  return fd;
}

// Syncs a file or a directory.
absl::Status Sync(const std::string& directory, const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return CannotWrite(directory, errno);
  const int result = fsync(fd);
  const int error = errno;
  close(fd);
  return result == 0 ? absl::OkStatus() : CannotWrite(directory, error);
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  return error ? CannotWrite(path, error.value()) : absl::OkStatus();
}

bool AreOnOneFileSystem(const std::string& a, const std::string& b) {
  struct stat first = {};
  struct stat second = {};
  return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev;
}

// Syncs those above it, which may be new too, made now or by a start that was cut short:
// a loss of power would take with one all that is in it. Who cannot read one has not made
// it; nor can one be of another file system, which need not know how to sync.
absl::Status SyncAbove(const std::string& path) {
  std::error_code error;
  fs::path above = fs::absolute(path, error);
  if (error) return CannotWrite(path, error.value());
  while (above.has_relative_path()) {
    above = above.parent_path();
    if (access(above.c_str(), R_OK) != 0 || !AreOnOneFileSystem(path, above)) break;
    if (absl::Status status = Sync(path, above); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Rename(const std::string& path, std::string_view from, std::string_view to) {
  std::error_code error;
  fs::rename(In(path, from), In(path, to), error);
  if (error) return CannotWrite(path, error.value());
  return Sync(path, path);
}

absl::Status WriteFormat(const std::string& path) {
  const std::string file = In(path, kFormatNew);
  std::ofstream out(file, std::ios::trunc);
  out << DataDirectory::FormatText();
  out.close();
  if (!out) return CannotWrite(path, errno);
  if (absl::Status status = Sync(path, file); !status.ok()) return status;
  return Rename(path, kFormatNew, kFormatFile);
}

absl::Status Make(const std::string& path,
                  absl::FunctionRef<absl::Status(const std::string&)> create_database) {
  const std::string database = In(path, kDatabaseNew);
  std::error_code error;
  fs::remove_all(database, error);
  if (error) return CannotWrite(path, error.value());
  if (absl::Status status = SyncAbove(path); !status.ok()) return status;
  if (absl::Status status = create_database(database); !status.ok()) return status;
  return WriteFormat(path);
}

// Where the first start was cut short after it had written the format, or is just there.
absl::Status FinishDatabase(const std::string& path) {
  std::error_code error;
  if (fs::exists(In(path, kDatabase), error)) return absl::OkStatus();
  if (fs::exists(In(path, kDatabaseNew), error)) {
    return Rename(path, kDatabaseNew, kDatabase);
  }
  return Damaged(path, absl::StrCat("it has no ", kDatabase, " in it"));
}

}  // namespace

absl::StatusOr<DataDirectory> DataDirectory::Open(
    const std::string& path,
    absl::FunctionRef<absl::Status(const std::string&)> create_database) {
  if (absl::Status made = MakeDirectory(path); !made.ok()) return made;
  // Before there is a lock in a directory of somebody else, and once more with the lock.
  if (auto state = Recognize(path); !state.ok()) return state.status();
  const absl::StatusOr<int> fd = Lock(path);
  if (!fd.ok()) return fd.status();
  DataDirectory directory(path, *fd);
  const absl::StatusOr<State> state = Recognize(path);
  if (!state.ok()) return state.status();
  if (*state == State::kNew) {
    if (absl::Status made = Make(path, create_database); !made.ok()) return made;
  }
  if (absl::Status done = FinishDatabase(path); !done.ok()) return done;
  return directory;
}

DataDirectory::~DataDirectory() {
  if (lock_fd_ >= 0) close(lock_fd_);
}

std::string DataDirectory::FormatText() {
  return absl::StrCat(kFormatText, kFormat, "\n");
}

std::string DataDirectory::database_path() const { return In(path_, kDatabase); }

}  // namespace rcukv
