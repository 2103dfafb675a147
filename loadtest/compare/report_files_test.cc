#include "loadtest/compare/report_files.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "loadtest/compare/comparison_for_test.h"

namespace rcukv::loadtest {
namespace {

TEST(ToJson, HasEverySampleWithItsFigures) {
  Comparison comparison = MadeUpComparison();
  comparison.missing = {{"rseq-expedited", "no mm_cid"}};
  const nlohmann::json json = nlohmann::json::parse(ToJson(comparison, {"", 2, "", ""}));
  EXPECT_EQ(json["machine"]["cores"], 2);
  EXPECT_EQ(json["missing"][0]["reason"], "no mm_cid");
  EXPECT_EQ(json["options"]["keys"], nlohmann::json({1, 100}));
  ASSERT_EQ(json["cases"].size(), 9u);
  const nlohmann::json& primitive = json["cases"][0];
  EXPECT_EQ(primitive["layer"], 1);
  EXPECT_EQ(primitive["name"], "primitive");
  ASSERT_EQ(primitive["strategies"].size(), 4u);
  EXPECT_EQ(primitive["strategies"][1]["name"], "memb-expedited");
  ASSERT_EQ(primitive["strategies"][1]["rounds"].size(), 6u);
  EXPECT_EQ(primitive["strategies"][1]["rounds"][2]["reads_per_second"], 6e6);
  EXPECT_FALSE(
      primitive["strategies"][1]["rounds"][2].contains("closed_loop_latency_p99_ns"));
  EXPECT_EQ(json["cases"][8]["strategies"][0]["rounds"][0]["closed_loop_latency_p99_ns"],
            2e6);
}

TEST(ToJson, QuotesWhatWasWrongAndWhatFailedWhateverItHolds) {
  Comparison comparison = MadeUpComparison();
  comparison.failure = absl::UnavailableError("the server said \xff");
  Sample& sample = CaseOf(comparison, "primitive").samples[0][1];
  sample.wrong = 2;
  sample.first_wrong = "key \xfe: not found";
  const nlohmann::json json = nlohmann::json::parse(ToJson(comparison, {}));
  EXPECT_EQ(json["failure"], "the server said \xef\xbf\xbd");
  const nlohmann::json& rounds = json["cases"][0]["strategies"][0]["rounds"];
  EXPECT_FALSE(rounds[0].contains("first_wrong"));
  EXPECT_EQ(rounds[1]["first_wrong"], "key \xef\xbf\xbd: not found");
}

TEST(ToCsv, HasALineASampleAndAsManyFieldsInEach) {
  const std::string csv = ToCsv(MadeUpComparison());
  const std::vector<std::string> lines = absl::StrSplit(csv, '\n');
  // The header, and nothing after the last line's end.
  ASSERT_EQ(lines.size(), 1 + 9 * 4 * 6 + 1u);
  const auto fields = [](const std::string& line) {
    return std::vector<std::string>(absl::StrSplit(line, ','));
  };
  for (size_t i = 0; i + 1 < lines.size(); ++i) {
    EXPECT_EQ(fields(lines[i]).size(), fields(lines[0]).size()) << lines[i];
  }
  EXPECT_TRUE(lines[1].starts_with("1,1,primitive,mb,1000000,1000,1000,,")) << lines[1];
}

}  // namespace
}  // namespace rcukv::loadtest
