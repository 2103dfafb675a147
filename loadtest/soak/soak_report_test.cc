#include "loadtest/soak/soak_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/soak/soak_json.h"

namespace rcukv::loadtest {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

constexpr uint64_t kMebibyte = 1 << 20;

// A sample a second: 1000 gets, 2000 batched ones and 100 writes in each.
SoakResult ResultOf(uint64_t seconds) {
  SoakResult result;
  result.server = "MEMB, EXPEDITED, CALL_RCU";
  for (uint64_t second = 1; second <= seconds; ++second) {
    SoakSample sample;
    sample.seconds = static_cast<double>(second);
    sample.counts = {.gets = 1000 * second,
                     .batched_gets = 2000 * second,
                     .writes = 100 * second,
                     .wrong = 0};
    sample.resident_bytes = 300 * kMebibyte;
    sample.allocator_resident_bytes = 250 * kMebibyte;
    sample.allocated_bytes = 200 * kMebibyte;
    sample.entry_bytes = 100 * kMebibyte;
    sample.backlog_bytes = (second % 2 + 1) * kMebibyte;
    result.samples.push_back(sample);
    result.counts = sample.counts;
  }
  return result;
}

size_t LinesOf(const std::string& text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(RenderSoakTable, HasTenRowsWhateverTheTime) {
  EXPECT_EQ(LinesOf(RenderSoakTable(ResultOf(600))), 11u);
  EXPECT_EQ(LinesOf(RenderSoakTable(ResultOf(23))), 11u);
  EXPECT_EQ(LinesOf(RenderSoakTable(ResultOf(3))), 4u);
  EXPECT_EQ(RenderSoakTable(ResultOf(0)), "");
}

TEST(RenderSoakTable, ShowsRatesOfEachRowAndMemoryInMebibytes) {
  const std::string row = " +1.00k +2.00k +100 +300.0 +250.0 +200.0 +100.0 +2.0 +0.0\n";
  EXPECT_THAT(RenderSoakTable(ResultOf(600)),
              AllOf(ContainsRegex("1m" + row), ContainsRegex("\n5m" + row),
                    ContainsRegex("\n10m" + row)));
}

TEST(RenderSoak, SaysWhatRanAndThatMemoryIsFlat) {
  const SoakResult result = ResultOf(600);
  EXPECT_TRUE(Passed(result));
  EXPECT_THAT(RenderSoak(result, {}),
              AllOf(HasSubstr("MEMB, EXPEDITED, CALL_RCU"),
                    HasSubstr("1,800,000 reads checked, 0 wrong; 60,000 writes.\n"),
                    HasSubstr("\nmemory flat: resident 300.0 MiB"),
                    Not(HasSubstr("WRONG")), Not(HasSubstr("FAILED"))));
}

TEST(RenderSoak, GrowthIsNoPass) {
  SoakResult result = ResultOf(100);
  for (size_t i = 80; i < 100; ++i) result.samples[i].resident_bytes = 330 * kMebibyte;
  EXPECT_FALSE(Passed(result));
  EXPECT_THAT(RenderSoak(result, {}),
              HasSubstr("memory NOT flat: resident 330.0 MiB (median of the last fifth) "
                        "against 300.0 MiB (of the second fifth), +10.0 %"));
}

TEST(RenderSoak, AWrongAnswerIsNoPassAndIsQuoted) {
  SoakResult result = ResultOf(100);
  result.counts.wrong = 3;
  result.first_wrong = "key a: not found";
  EXPECT_FALSE(Passed(result));
  EXPECT_THAT(
      RenderSoak(result, {}),
      AllOf(HasSubstr("3 wrong;"), HasSubstr("WRONG: the first: key a: not found")));
}

TEST(RenderSoak, AFailureIsNoPassAndComesWithWhatWasSeen) {
  SoakResult result = ResultOf(100);
  result.failure = absl::UnavailableError("the server exited with status 9");
  EXPECT_FALSE(Passed(result));
  EXPECT_THAT(
      RenderSoak(result, {}),
      AllOf(HasSubstr("FAILED: the server exited with status 9"), HasSubstr("writes/s")));
}

TEST(RenderSoak, AnInterruptedOneSaysSo) {
  SoakResult result = ResultOf(5);
  result.interrupted = true;
  EXPECT_THAT(RenderSoak(result, {}),
              AllOf(HasSubstr("Interrupted; this is what was measured until then."),
                    HasSubstr("memory not judged: too few samples")));
  result.samples.clear();
  EXPECT_THAT(RenderSoak(result, {}), HasSubstr("Nothing was measured yet."));
}

TEST(RenderSoakProgress, IsTheNewestSampleInALine) {
  EXPECT_EQ(RenderSoakProgress(ResultOf(60)),
            "1m of 10m: 180k reads, 6.00k writes, 0 wrong, resident 300.0 MiB");
}

TEST(ToJson, HasEverySampleAndTheVerdict) {
  const nlohmann::json json = nlohmann::json::parse(
      ToJson(ResultOf(50), {.cpu = "a", .cores = 2, .kernel = "b", .compiler = "c"}));
  EXPECT_EQ(json["machine"]["cores"], 2);
  EXPECT_EQ(json["options"]["duration_seconds"], 600);
  ASSERT_EQ(json["samples"].size(), 50u);
  EXPECT_EQ(json["samples"][49]["gets"], 50'000);
  EXPECT_EQ(json["samples"][49]["backlog_bytes"], kMebibyte);
  EXPECT_EQ(json["verdict"]["flat"], true);
  EXPECT_EQ(json["failure"], "");
}

TEST(ToJson, TooFewSamplesHaveNoVerdict) {
  EXPECT_TRUE(nlohmann::json::parse(ToJson(ResultOf(3), {}))["verdict"].is_null());
}

}  // namespace
}  // namespace rcukv::loadtest
