// What the readers of a storm have seen.
#ifndef RCUKV_RCU_TORTURE_REPORT_H_
#define RCUKV_RCU_TORTURE_REPORT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <ostream>

#include "rcu/torture/element.h"

namespace rcu::torture {

struct Report {
  uint64_t reads = 0;
  // Reads by the age of the element at their end; the last one: of free elements.
  std::array<uint64_t, Element::kAges + 1> staleness{};
  // Reads of elements that were not, or did not stay, what they should be.
  uint64_t broken = 0;
  // Reads of a generation older than one that the reader had seen before.
  uint64_t backward = 0;

  void Add(const Report& other) {
    reads += other.reads;
    for (size_t age = 0; age < staleness.size(); ++age) {
      staleness[age] += other.staleness[age];
    }
    broken += other.broken;
    backward += other.backward;
  }

  // Reads of elements that no reader may reach.
  uint64_t TooOld() const {
    uint64_t sum = 0;
    for (size_t age = Element::kOldest + 1; age < staleness.size(); ++age) {
      sum += staleness[age];
    }
    return sum;
  }

  bool Sound() const { return TooOld() == 0 && broken == 0 && backward == 0; }

  friend std::ostream& operator<<(std::ostream& out, const Report& report) {
    out << report.reads << " reads, by age:";
    for (uint64_t count : report.staleness) out << " " << count;
    return out << "; broken " << report.broken << ", backward " << report.backward;
  }
};

}  // namespace rcu::torture

#endif  // RCUKV_RCU_TORTURE_REPORT_H_
