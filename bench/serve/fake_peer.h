// A stand-in for Redis and memcached in tests: a map behind as much of their protocols as
// the benchmark speaks. One thread a connection, no limits.
#ifndef RCUKV_BENCH_SERVE_FAKE_PEER_H_
#define RCUKV_BENCH_SERVE_FAKE_PEER_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace rcukv::bench {

// Thread safety: any number of threads.
class FakePeer {
 public:
  // Listens on loopback; port 0 is any free one. Its threads run until the process ends.
  explicit FakePeer(int port = 0);

  int port() const { return port_; }

  // From here on sets are answered with an error.
  void RefuseSets();

  // For answers that are wrong.
  void Set(const std::string& key, const std::string& value);
  void Erase(const std::string& key);

 private:
  class Stream;

  void Accept();
  void Serve(int fd);

  void AnswerRedis(std::string_view header, Stream& stream);
  void AnswerMemcache(std::string_view line, Stream& stream);

  // Sets, and returns the answer: `stored`, or `error`.
  std::string_view Store(const std::string& key, const std::string& value,
                         std::string_view stored, std::string_view error);
  std::optional<std::string> Find(const std::string& key) const;

  int listener_ = -1;
  int port_ = 0;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::string> entries_ ABSL_GUARDED_BY(mutex_);
  bool refuses_sets_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace rcukv::bench

#endif  // RCUKV_BENCH_SERVE_FAKE_PEER_H_
