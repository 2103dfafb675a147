// What a run is against: a table of a server, or what stands in for one.
#ifndef RCUKV_LOADTEST_WORKLOAD_TARGET_H_
#define RCUKV_LOADTEST_WORKLOAD_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "clients/cpp/entry.h"
#include "clients/cpp/values.h"

namespace rcukv::loadtest {

// Thread safety: any number of threads at once. Errors: of Client.
class Target {
 public:
  // Called once, by any thread, which it must not hold up.
  using GetDone = absl::AnyInvocable<void(absl::StatusOr<std::optional<Value>>)>;

  virtual ~Target() = default;

  virtual absl::StatusOr<std::optional<Value>> Get(const std::string& key) = 0;

  // The same; returns before there is an answer, where it can. Without an override: Get.
  virtual void GetAsync(const std::string& key, GetDone done) { done(Get(key)); }

  // What was found of several keys, in their order: one for each. It is gone when the
  // function returns that it is given to.
  using Found = absl::Span<const std::optional<ValueView>>;
  using BatchDone = absl::AnyInvocable<void(const absl::StatusOr<Found>&)>;

  // The values of one or more keys in one call. Calls use(found), unless there is an
  // error. Without an override: Gets, one after the other.
  virtual absl::Status BatchGet(const std::vector<std::string>& keys,
                                absl::FunctionRef<void(Found)> use);

  // The same; returns before there is an answer, where it can; `done` as that of
  // GetAsync. Without an override: BatchGet.
  virtual void BatchGetAsync(const std::vector<std::string>& keys, BatchDone done);

  // Where `expected` is given, only if it is the key's revision: otherwise
  // FAILED_PRECONDITION. Returns the revision of the write.
  virtual absl::StatusOr<uint64_t> Put(const std::string& key, const std::string& value,
                                       std::optional<uint64_t> expected) = 0;

  // Ends the calls under way, and those that follow, with CANCELLED, where it can.
  virtual void Cancel() {}

  // As many entries, from where the table begins; fewer where it has not so many.
  virtual absl::StatusOr<std::vector<Entry>> Scan(size_t entries) = 0;
};

// As a BatchGet has it, of what a Get answered, which outlives it.
inline std::optional<ValueView> ViewOf(const std::optional<Value>& value) {
  if (!value.has_value()) return std::nullopt;
  return ValueView{.value = value->value, .mod_revision = value->mod_revision};
}

}  // namespace rcukv::loadtest

#endif  // RCUKV_LOADTEST_WORKLOAD_TARGET_H_
