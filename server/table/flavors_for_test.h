// For tests that hold whatever protects the readers.
#ifndef RCUKV_SERVER_TABLE_FLAVORS_FOR_TEST_H_
#define RCUKV_SERVER_TABLE_FLAVORS_FOR_TEST_H_

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "server/table/protection.h"

namespace rcukv {

// Base of a test fixture with a protection of each flavor; to be used with
//   INSTANTIATE_TEST_SUITE_P(Flavors, MyTest, EveryFlavor(), FlavorOfTest);
// Skips where the kernel refuses what a flavor needs.
class FlavorTest : public testing::TestWithParam<Flavor> {
 protected:
  FlavorTest() {
    auto created = Protection::Create(GetParam());
    if (created.ok()) {
      protection_ = *std::move(created);
    } else {
      why_not_ = created.status().ToString();
    }
  }

  // What is left over is freed here, so that a leak checker finds only leaks.
  ~FlavorTest() override {
    if (protection_ != nullptr) protection_->Barrier();
  }

  void SetUp() override {
    if (protection_ == nullptr) GTEST_SKIP() << why_not_;
  }

  Protection& protection() { return *protection_; }

 private:
  std::unique_ptr<Protection> protection_;
  std::string why_not_;
};

inline auto EveryFlavor() { return testing::ValuesIn(AllFlavors()); }

// Whether readers are protected by grace periods, and not by a lock.
inline bool HasGracePeriods(Flavor flavor) {
  return flavor != Flavor::kRwlock && flavor != Flavor::kMutex;
}

// Whether its grace periods call membarrier, in one of its modes.
inline bool UsesMembarrier(Flavor flavor) {
  return flavor == Flavor::kMemb || flavor == Flavor::kRseq;
}

inline std::string FlavorOfTest(const testing::TestParamInfo<Flavor>& info) {
  return std::string(FlavorName(info.param));
}

}  // namespace rcukv

#endif  // RCUKV_SERVER_TABLE_FLAVORS_FOR_TEST_H_
