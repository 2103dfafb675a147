#include "bench/report_json.h"

#include <nlohmann/json.hpp>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using Json = nlohmann::json;

MeasureResult Result() {
  MeasureResult result;
  result.measure = {.name = "rcu.read",
                    .arms = {{"ours", {"a", "--b"}}, {"peer", {"c"}}},
                    .compared = {{"rcu.read.memb", "reads", 2.5}}};
  result.samples = {{{{"reads", 10}, {"writes", 1}}, {{"reads", 30}}},
                    {{{"reads", 10}}, {{"reads", 10}}}};
  return result;
}

Json Parsed(const MeasureResult& result) {
  Context context;
  context.benchmark = "rcu";
  context.options = {{"rounds", "2"}};
  context.machine = {.cpu = "a CPU", .cores = 2, .kernel = "Linux 6", .compiler = "GCC"};
  return Json::parse(ToJson(context, {result}));
}

TEST(ReportJson, HasEverySampleOfEveryArm) {
  const Json measure = Parsed(Result())["measures"][0];
  EXPECT_EQ(measure["arms"][0]["label"], "ours");
  EXPECT_EQ(measure["arms"][0]["command"], Json({"a", "--b"}));
  EXPECT_EQ(measure["arms"][0]["samples"][0]["writes"], 1);
  EXPECT_EQ(measure["arms"][0]["samples"][1]["reads"], 30);
  EXPECT_EQ(measure["arms"][1]["samples"].size(), 2u);
}

TEST(ReportJson, DescribesTheMachineAndTheOptions) {
  const Json json = Parsed(Result());
  EXPECT_EQ(json["benchmark"], "rcu");
  EXPECT_EQ(json["machine"]["cpu"], "a CPU");
  EXPECT_EQ(json["machine"]["cores"], 2);
  EXPECT_EQ(json["options"]["rounds"], "2");
}

TEST(ReportJson, HasTheRatioItsEndsAndItsTarget) {
  const Json ratio = Parsed(Result())["ratios"][0];
  EXPECT_EQ(ratio["name"], "rcu.read.memb");
  EXPECT_EQ(ratio["ratio"]["median"], 2);
  EXPECT_EQ(ratio["ratio"]["min"], 1);
  EXPECT_EQ(ratio["ratio"]["max"], 3);
  EXPECT_EQ(ratio["target"], 2.5);
  EXPECT_EQ(ratio["met"], false);
}

TEST(ReportJson, SaysWhyAMeasureIsIncomplete) {
  MeasureResult result = Result();
  EXPECT_FALSE(Parsed(result)["measures"][0].contains("incomplete"));
  result.status = absl::UnavailableError("no membarrier");
  EXPECT_EQ(Parsed(result)["measures"][0]["incomplete"], "no membarrier");
}

}  // namespace
}  // namespace rcukv::bench
