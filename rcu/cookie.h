// A moment that grace periods are compared with.
#ifndef RCUKV_RCU_COOKIE_H_
#define RCUKV_RCU_COOKIE_H_

#include <compare>
#include <cstdint>

namespace rcu {

// A point of time that a grace period may have passed since: see Domain::GetCookie.
class Cookie {
 public:
  // One that has passed.
  Cookie() = default;

  auto operator<=>(const Cookie&) const = default;

 private:
  friend class GracePeriods;
  explicit Cookie(uint64_t needed) : needed_(needed) {}
  uint64_t needed_ = 0;
};

}  // namespace rcu

#endif  // RCUKV_RCU_COOKIE_H_
