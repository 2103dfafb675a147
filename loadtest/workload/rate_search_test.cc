#include "loadtest/workload/rate_search.h"

#include <vector>

#include "gtest/gtest.h"

namespace rcukv::loadtest {
namespace {

// Of a server that meets the objective up to `limit`. Returns the rates that were tried.
std::vector<double> Search(RateSearch& search, double limit) {
  std::vector<double> tried;
  while (!search.done() && tried.size() < 100) {
    tried.push_back(search.next());
    search.Report(search.next() <= limit);
  }
  return tried;
}

TEST(RateSearch, FindsTheLimitFromBelowAndFromAbove) {
  for (const double limit : {3.0, 999.0, 1000.0, 1001.0, 54'321.0, 2e6}) {
    for (const double first : {1.0, 1000.0, 5e6}) {
      RateSearch search(first);
      const std::vector<double> tried = Search(search, limit);
      EXPECT_LE(search.best(), limit);
      EXPECT_GE(search.best() * RateSearch::kPrecision, limit);
      EXPECT_LE(tried.size(), 30u);
    }
  }
}

TEST(RateSearch, ThatNothingMeetsItEndsTheSearch) {
  RateSearch search(1000);
  Search(search, 0);
  EXPECT_TRUE(search.done());
  EXPECT_EQ(search.best(), 0);
}

TEST(RateSearch, ThatEverythingMeetsItEndsTheSearch) {
  RateSearch search(1000);
  Search(search, 1e12);
  EXPECT_TRUE(search.done());
  EXPECT_GT(search.best(), RateSearch::kHighest / 2);
}

TEST(RateSearch, DoublesFirst) {
  RateSearch search(1000);
  const std::vector<double> tried = Search(search, 3000);
  ASSERT_GE(tried.size(), 3u);
  EXPECT_EQ(tried[0], 1000);
  EXPECT_EQ(tried[1], 2000);
  EXPECT_EQ(tried[2], 4000);
}

}  // namespace
}  // namespace rcukv::loadtest
