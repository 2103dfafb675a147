#include "bench/serve/fake_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rcukv::bench {

// Lines and bytes of a connection.
class FakePeer::Stream {
 public:
  explicit Stream(int fd) : fd_(fd) {}
  ~Stream() { close(fd_); }

  // Without its end; absent: the other end has closed.
  std::optional<std::string> Line() {
    size_t end;
    while ((end = input_.find("\r\n")) == input_.npos) {
      if (!Fill()) return std::nullopt;
    }
    return Take(end);
  }

  // So many bytes, and a line end that is not returned.
  std::string Bytes(size_t count) {
    while (input_.size() < count + 2) {
      if (!Fill()) return "";
    }
    return Take(count);
  }

  void Write(std::string_view bytes) { output_ += bytes; }

  // Before it waits for more.
  void Flush() {
    std::string_view left = output_;
    while (!left.empty()) {
      const ssize_t sent = send(fd_, left.data(), left.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;
      left.remove_prefix(static_cast<size_t>(sent));
    }
    output_.clear();
  }

 private:
  bool Fill() {
    Flush();
    char buffer[65536];
    const ssize_t received = recv(fd_, buffer, sizeof(buffer), 0);
    if (received <= 0) return false;
    input_.append(buffer, static_cast<size_t>(received));
    return true;
  }

  std::string Take(size_t count) {
    std::string taken = input_.substr(0, count);
    input_.erase(0, count + 2);
    return taken;
  }

  const int fd_;
  std::string input_;
  std::string output_;
};

FakePeer::FakePeer(int port) : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 1024) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  std::thread([this] { Accept(); }).detach();
}

void FakePeer::Set(const std::string& key, const std::string& value) {
  absl::MutexLock lock(&mutex_);
  entries_[key] = value;
}

void FakePeer::Erase(const std::string& key) {
  absl::MutexLock lock(&mutex_);
  entries_.erase(key);
}

void FakePeer::RefuseSets() {
  absl::MutexLock lock(&mutex_);
  refuses_sets_ = true;
}

std::string_view FakePeer::Store(const std::string& key, const std::string& value,
                                 std::string_view stored, std::string_view error) {
  absl::MutexLock lock(&mutex_);
  if (refuses_sets_) return error;
  entries_[key] = value;
  return stored;
}

std::optional<std::string> FakePeer::Find(const std::string& key) const {
  absl::MutexLock lock(&mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

void FakePeer::Accept() {
  for (;;) {
    const int fd = accept(listener_, nullptr, nullptr);
    if (fd >= 0) std::thread([this, fd] { Serve(fd); }).detach();
  }
}

void FakePeer::Serve(int fd) {
  Stream stream(fd);
  while (const std::optional<std::string> line = stream.Line()) {
    if (line->substr(0, 1) == "*") {
      AnswerRedis(*line, stream);
    } else {
      AnswerMemcache(*line, stream);
    }
  }
}

void FakePeer::AnswerRedis(std::string_view header, Stream& stream) {
  std::vector<std::string> words(
      static_cast<size_t>(std::atoi(std::string(header.substr(1)).c_str())));
  for (std::string& word : words) {
    const std::string size = stream.Line().value_or("$0").substr(1);
    word = stream.Bytes(static_cast<size_t>(std::atoi(size.c_str())));
  }
  if (words[0] == "SET") {
    stream.Write(Store(words[1], words[2], "+OK\r\n", "-MISCONF disk full\r\n"));
    return;
  }
  if (words[0] == "MGET") stream.Write(absl::StrCat("*", words.size() - 1, "\r\n"));
  for (size_t i = 1; i < words.size(); ++i) {
    const std::optional<std::string> value = Find(words[i]);
    stream.Write(value.has_value()
                     ? absl::StrCat("$", value->size(), "\r\n", *value, "\r\n")
                     : "$-1\r\n");
  }
}

void FakePeer::AnswerMemcache(std::string_view line, Stream& stream) {
  const std::vector<std::string> words = absl::StrSplit(std::string(line), ' ');
  if (words[0] == "set") {
    const std::string value =
        stream.Bytes(static_cast<size_t>(std::atoi(words[4].c_str())));
    // Shorter than the answer that is waited for.
    stream.Write(Store(words[1], value, "STORED\r\n", "ERROR\r\n"));
  } else if (words[0] == "get") {
    for (size_t i = 1; i < words.size(); ++i) {
      const std::optional<std::string> value = Find(words[i]);
      if (!value.has_value()) continue;
      stream.Write(
          absl::StrCat("VALUE ", words[i], " 0 ", value->size(), "\r\n", *value, "\r\n"));
    }
    stream.Write("END\r\n");
  } else if (words[0] == "mg") {
    const std::optional<std::string> value = Find(words[1]);
    if (value.has_value()) {
      stream.Write(absl::StrCat("VA ", value->size(), "\r\n", *value, "\r\n"));
    } else if (words.back() != "q") {
      stream.Write("EN\r\n");
    }
  } else if (words[0] == "mn") {
    stream.Write("MN\r\n");
  } else {
    stream.Write("ERROR\r\n");
  }
}

}  // namespace rcukv::bench
