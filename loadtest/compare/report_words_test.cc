#include "loadtest/compare/report_words.h"

#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/compare/case_names.h"
#include "loadtest/compare/comparison_for_test.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string WordsOf(const Comparison& comparison) {
  return absl::StrJoin(SentencesOf(comparison), " ");
}

TEST(SentencesOf, SayWhatTheFiguresSayFromLayerToLayer) {
  EXPECT_THAT(
      WordsOf(MadeUpComparison()),
      AllOf(
          HasSubstr("At the primitive memb-expedited reads 2.00 times (2.00-2.00) as "
                    "fast as mb; by CPU time 2.00 times (2.00-2.00)."),
          HasSubstr("In the server, with a section a key, memb-expedited reads 2.00"),
          HasSubstr("Over gRPC, with calls of 100 keys and a section a call, "
                    "memb-expedited reads 1.00 times (1.00-1.00: within the noise)"),
          HasSubstr("Of 4 works over gRPC memb-expedited is faster than mb at 0, slower "
                    "at 0, and within the noise at the others"),
          HasSubstr("The writer pays: at Title of writers.1000.call_rcu a grace period "
                    "takes 2.00 us with memb-expedited and 8.00 ms with "
                    "memb-non-expedited, 4.00k times (4.00k-4.00k) as long."),
          HasSubstr("At 1,000 writes/s, with mb, call_rcu instead of synchronize: the "
                    "readers' p99 is 1.00 times (1.00-1.00: within the noise)")));
}

TEST(SentencesOf, TheBarrierIsSetBesideTheCall) {
  Comparison comparison = MadeUpComparison();
  for (Sample& sample : CaseOf(comparison, LookupsCase(Sections::kTenAKey)).samples[0]) {
    sample.cpu_ns_per_read = 1900;
  }
  EXPECT_THAT(
      WordsOf(comparison),
      AllOf(HasSubstr("An empty section takes 100 ns (100-100) of CPU with mb and "
                      "0.00 ns (0-0) with memb-expedited; of a BatchGet of 1,"),
            HasSubstr("of a BatchGet of 100, which takes the server 100 us, the "
                      "difference is 0.1 %.")));
}

TEST(SentencesOf, WithoutMbNothingIsSaidOfItsBarriers) {
  Comparison comparison = MadeUpComparison();
  comparison.strategies[0] = ParseStrategies("signal")->front();
  EXPECT_THAT(WordsOf(comparison),
              AllOf(Not(HasSubstr("as fast as")), Not(HasSubstr("An empty section")),
                    HasSubstr("The writer pays")));
}

TEST(SentencesOf, ABarrierInTheNoiseIsNoShareOfACall) {
  Comparison comparison = MadeUpComparison();
  std::vector<Sample>& ten =
      CaseOf(comparison, LookupsCase(Sections::kTenAKey)).samples[0];
  for (size_t round = 0; round < ten.size(); ++round) {
    ten[round].cpu_ns_per_read = round % 2 == 0 ? 1900 : 100;
  }
  EXPECT_THAT(WordsOf(comparison),
              AllOf(HasSubstr("An empty section takes 0.00 ns (-100-100) of CPU with mb"),
                    Not(HasSubstr("the difference is"))));
}

TEST(ClientLimitWords, CountTheWorksOverGrpcAtWhichTheClientHadNoPause) {
  Comparison comparison = MadeUpComparison();
  EXPECT_EQ(ClientLimitWords(comparison), "");
  for (const std::string& name : {WritersCase(1000, Reclaim::kCallRcu),
                                  CallsCase(Rpc::kBatchGet, 1, Sections::kOneABatch)}) {
    for (Sample& sample : CaseOf(comparison, name).samples[3]) sample.client_busy = 0.95;
  }
  for (Sample& sample :
       CaseOf(comparison, WritersCase(1000, Reclaim::kSynchronize)).samples[3]) {
    sample.client_busy = 0.8;
  }
  EXPECT_THAT(ClientLimitWords(comparison),
              HasSubstr("At 2 of 4 works over gRPC the client was the limit"));
}

TEST(SentencesOf, WithoutSamplesThereAreNone) {
  Comparison comparison = MadeUpComparison();
  for (LayerResult& layer : comparison.layers) {
    for (CaseResult& result : layer.cases) {
      for (auto& samples : result.samples) samples.clear();
    }
  }
  EXPECT_THAT(SentencesOf(comparison), IsEmpty());
}

}  // namespace
}  // namespace rcukv::loadtest
