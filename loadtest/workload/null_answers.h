// What a server says that looks nothing up: to every call a right answer, ready made.
//
// There are few keys. Where a key's answer lies follows from two of its bytes, as
// Records puts together keys: there is no table to look it up in. Every answer is one
// that a caller finds right (caller.h), whatever was written before: what is read is what
// operation 0 wrote, as if it were newer than any other write, and writes are of
// revisions that grow.
//
// Thread safety: any number of threads at once.
#ifndef RCUKV_LOADTEST_WORKLOAD_NULL_ANSWERS_H_
#define RCUKV_LOADTEST_WORKLOAD_NULL_ANSWERS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadtest/workload/records.h"

namespace rcukv::loadtest {

class NullAnswers {
 public:
  // Of which calls it knows.
  enum class Call { kGet, kBatchGet, kStreamBatchGet, kPut, kScan };

  // `records` outlives it. The answers for keys 0 to entries - 1, one or more, are ready;
  // those for others, which a run inserts, are made when asked for.
  NullAnswers(const Records& records, size_t entries);

  // By its name in full, "/rcukv.v1.KeyValueService/Get". Nothing: it knows no such call.
  static std::optional<Call> CallNamed(std::string_view name);

  // To the bytes of a request, of a stream to one of them. Nothing for what is no request
  // with keys of Records.
  std::optional<std::string> Answer(Call call, std::string_view request);

 private:
  // A response with one key, as bytes. Of messages that repeat a field, several one after
  // the other are one with all of them.
  struct Ready {
    std::string key;
    std::string get;
    std::string batch_get;
    std::string scan;
  };

  Ready MakeReady(size_t index) const;
  // What lies where the key would.
  const Ready* At(std::string_view key) const;
  // The answer's member `of` for the key, added. False: it is no key.
  bool Append(std::string_view key, std::string Ready::*of, std::string& answer) const;
  std::optional<std::string> AnswerKeys(std::string_view request,
                                        std::string Ready::*of) const;
  std::string AnswerPut();
  std::optional<std::string> AnswerScan(std::string_view request) const;

  const Records& records_;
  std::vector<Ready> ready_;
  // By two bytes of a key: where in ready_, and one more; 0: nowhere.
  std::vector<uint32_t> places_;
  std::atomic<uint64_t> revision_{2};
};

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_NULL_ANSWERS_H_
