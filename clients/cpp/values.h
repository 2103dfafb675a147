// What a BatchGet found.
//
//   absl::StatusOr<rcukv::Values> values = client->BatchGet({"red", "green"});
//   if (!values.ok()) return values.status();
//   for (const std::optional<rcukv::ValueView>& value : *values) {
//     if (value.has_value()) Use(value->value);
//   }

#ifndef RCUKV_CLIENTS_CPP_VALUES_H_
#define RCUKV_CLIENTS_CPP_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/types/span.h"

namespace rcukv {

namespace internal {
class GetBatch;
}  // namespace internal

// A value, where it lies in the server's answer, and the revision of the write that set
// it.
struct ValueView {
  std::string_view value;
  uint64_t mod_revision = 0;
};

// One for each key of a BatchGet, in their order; nothing where there is no such key.
//
// Values are not copied: they lie in the answer, which stays as long as this or a copy of
// it does, whatever becomes of the client. What stays is the whole answer, with those of
// others who shared the call, and the buffers it came in: copy what is to be kept for
// long.
//
// Thread safety: as of a standard container; copies of one may be used by different
// threads.
class Values {
 public:
  using value_type = std::optional<ValueView>;
  using const_iterator = const value_type*;

  Values() = default;
  Values(const Values&) = default;
  Values& operator=(const Values&) = default;
  // Leaves `other` empty.
  Values(Values&& other) noexcept
      : answer_(std::move(other.answer_)), found_(std::exchange(other.found_, {})) {}
  Values& operator=(Values&& other) noexcept {
    found_ = std::exchange(other.found_, {});
    answer_ = std::move(other.answer_);
    return *this;
  }

  size_t size() const { return found_.size(); }
  bool empty() const { return found_.empty(); }
  // `i` is less than size(). Valid as long as the answer is: not that of a temporary.
  const value_type& operator[](size_t i) const { return found_[i]; }
  const_iterator begin() const { return found_.data(); }
  const_iterator end() const { return found_.data() + found_.size(); }

 private:
  friend class internal::GetBatch;

  // `found` and what it points to are there as long as `answer` is.
  Values(std::shared_ptr<const void> answer, absl::Span<const value_type> found)
      : answer_(std::move(answer)), found_(found) {}

  std::shared_ptr<const void> answer_;
  absl::Span<const value_type> found_;
};

}  // namespace rcukv

#endif  // RCUKV_CLIENTS_CPP_VALUES_H_
