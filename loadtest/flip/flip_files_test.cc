#include "loadtest/flip/flip_files.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "loadtest/flip/flip_result_for_test.h"

namespace rcukv::loadtest {
namespace {

TEST(FlipFiles, JsonHasTheSettingsThePhasesAndTheSamples) {
  const nlohmann::json json = nlohmann::json::parse(ToJson(SomeFlipResult(), {}));
  EXPECT_EQ(json["options"]["settings"], "expedited/call_rcu,non_expedited/call_rcu");
  EXPECT_EQ(json["reads"], 123'456);
  EXPECT_EQ(json["wrong"], 0);
  const nlohmann::json& expedited = json["settings"]["expedited/call_rcu"];
  EXPECT_EQ(expedited["read_p99_ns"]["median"], 205e3);
  EXPECT_EQ(expedited["read_p99_ns"]["phases"], 6);
  ASSERT_EQ(json["phases"].size(), 12u);
  EXPECT_EQ(json["phases"][1]["setting"], "non_expedited/call_rcu");
  EXPECT_EQ(json["phases"][1]["round"], 1);
  EXPECT_EQ(json["phases"][1]["figures"]["grace_period_mean_ns"], 10e6);
  EXPECT_EQ(json["phases"][1]["backlog_bytes_max"], 2048);
  ASSERT_EQ(json["samples"].size(), 48u);
  EXPECT_EQ(json["samples"][4]["phase"], 2);
  EXPECT_EQ(json["samples"][4]["settled"], false);
  EXPECT_EQ(json["samples"][4]["reported"], "non_expedited/call_rcu");
  EXPECT_EQ(json["samples"][4]["figures"]["reads"]["p99_ns"], 205'000);
  EXPECT_EQ(json["samples"][4]["figures"]["writes"]["from_send_p99_ns"], 690'000);
}

TEST(FlipFiles, WhatThereIsNoneOfIsNullOrEmpty) {
  FlipResult result = SomeFlipResult();
  result.samples[0].figures.interrupts.reset();
  result.samples[0].figures.grace_period_mean_ns.reset();
  for (FlipPhase& phase : result.phases) phase.complete = false;
  const nlohmann::json json = nlohmann::json::parse(ToJson(result, {}));
  EXPECT_TRUE(json["samples"][0]["figures"]["function_call_interrupts"].is_null());
  EXPECT_TRUE(json["samples"][0]["figures"]["grace_period_mean_ns"].is_null());
  EXPECT_TRUE(json["settings"]["expedited/call_rcu"]["read_p99_ns"].is_null());
  const std::vector<std::string> lines = absl::StrSplit(ToCsv(result), '\n');
  const std::vector<std::string> cells = absl::StrSplit(lines[1], ',');
  EXPECT_EQ(std::count(cells.begin(), cells.end(), ""), 2);
}

TEST(FlipFiles, CsvHasALineForEachSampleAndACellForEachName) {
  const std::vector<std::string> lines = absl::StrSplit(ToCsv(SomeFlipResult()), '\n');
  // The names, the samples, and what is behind the last end of a line.
  ASSERT_EQ(lines.size(), 1u + 48 + 1);
  const auto commas = std::count(lines[0].begin(), lines[0].end(), ',');
  for (size_t i = 1; i + 1 < lines.size(); ++i) {
    EXPECT_EQ(std::count(lines[i].begin(), lines[i].end(), ','), commas) << lines[i];
  }
  EXPECT_EQ(lines[1].substr(0, 46), "1,expedited/call_rcu,1,0.250000,0.250000,0,250");
}

TEST(FlipFiles, WhatAServerSaysNeedNotBeText) {
  FlipResult result;
  result.failure = absl::UnavailableError("\xff");
  EXPECT_TRUE(nlohmann::json::accept(ToJson(result, {})));
}

}  // namespace
}  // namespace rcukv::loadtest
