// The programs themselves, with tiny tables: ours, and those of the peers that were built
// along with this test. peers_test is this one with all of them.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "bench/command.h"
#include "bench/figures.h"
#include "bench/map/plan.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Paths in the runfiles of this test, in which it runs.
constexpr char kBench[] = "bench/bench";
constexpr char kFolder[] = "bench/map/";
constexpr char kSampler[] = "bench/map/rcukv_sampler";

struct Contender {
  std::string sampler;
  std::string table;
  bool grows;
};

// Those that were built.
std::vector<Contender> Contenders() {
  std::vector<Contender> all = {{kSampler, kOurTable, true},
                                {kSampler, kLimitTable, false}};
  for (const Peer& peer : kPeers) {
    const std::string sampler = absl::StrCat(kFolder, peer.sampler);
    if (!std::filesystem::exists(sampler)) continue;
    all.push_back({sampler, peer.table, peer.grows});
  }
  return all;
}

Figures Sample(const std::vector<std::string>& command) {
  const absl::StatusOr<Finished> finished = RunToEnd(command);
  EXPECT_TRUE(finished.ok()) << finished.status();
  if (!finished.ok()) return {};
  const absl::StatusOr<Figures> figures = ParseFigures(finished->output);
  EXPECT_TRUE(figures.ok()) << figures.status();
  return figures.value_or(Figures());
}

// Each result is checked by the sampler itself.
TEST(MapSampler, RunsEveryKindOfRow) {
  for (const Contender& contender : Contenders()) {
    std::vector<std::string> rows = {"get.uniform.1t.u0", "get_absent.uniform.1t.u0"};
    if (contender.table != kLimitTable) rows.push_back("get.zipf.2t.u10");
    if (contender.sampler == kSampler) rows.push_back("multiget16.zipf.1t.u10");
    const Figures figures =
        Sample({contender.sampler, "load", "--table=" + contender.table, "--entries=3000",
                "--rows=" + absl::StrJoin(rows, ","), "--seconds=0.1"});
    for (const std::string& row : rows) {
      EXPECT_EQ(figures.count(row), 1u) << contender.table << " " << row;
    }
    EXPECT_EQ(figures.count("overhead_bytes_per_entry"), 1u) << contender.table;
  }
}

TEST(MapSampler, GrowsBesideAReader) {
  for (const Contender& contender : Contenders()) {
    if (!contender.grows) continue;
    Figures figures = Sample(
        {contender.sampler, "growth", "--table=" + contender.table, "--entries=30000"});
    EXPECT_GT(figures["growth_seconds"], 0) << contender.table;
    EXPECT_GE(figures["read_max_ns"], figures["read_p50_ns"]) << contender.table;
    EXPECT_EQ(figures.count("gap_max_ns"), 1u) << contender.table;
    EXPECT_GT(figures["longest_cpu_ns"], 0) << contender.table;
    EXPECT_GE(figures["reader_sleeps"], 0) << contender.table;
  }
}

TEST(MapSampler, ATableThatThereIsNotIsUnavailable) {
  EXPECT_EQ(RunToEnd({kSampler, "load", "--table=btree"}).status(),
            absl::UnavailableError("there is no table \"btree\""));
  EXPECT_EQ(RunToEnd({kSampler, "growth", "--table=limit"}).status(),
            absl::UnavailableError("limit does not grow"));
}

TEST(MapSampler, AWrongFlagIsAnError) {
  for (const char* flag : {"--entries=1", "--rows=get", "--rows=put.uniform.1t.u0"}) {
    EXPECT_EQ(RunToEnd({kSampler, "load", "--table=rcukv", flag}).status().code(),
              absl::StatusCode::kInternal);
  }
  EXPECT_EQ(RunToEnd({kSampler, "shrink"}).status().code(), absl::StatusCode::kInternal);
}

// A folder in which scripts stand in for the peers' samplers.
std::string Samplers(const std::string& script) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "map_samplers";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::filesystem::create_symlink(std::filesystem::absolute(kSampler),
                                  folder / "rcukv_sampler");
  for (const Peer& peer : kPeers) {
    std::ofstream(folder / peer.sampler) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(folder / peer.sampler,
                                 std::filesystem::perms::owner_all);
  }
  return folder;
}

// Slower than any table, except for one.
constexpr char kScript[] =
    "case \"$*\" in\n"
    "  *tbb*) echo get.uniform.1t.u0 20 ;;\n"
    "  *) echo get.uniform.1t.u0 10 ;;\n"
    "esac";

TEST(BenchMap, ComparesWithTheBestPeerAndWritesJson) {
  const std::string json_file = testing::TempDir() + "/map.json";
  const absl::StatusOr<Finished> finished = RunToEnd(
      {kBench, "map", "--samplers=" + Samplers(kScript), "--max_entries=100000",
       "--filter=map.get.*uniform.1t.u0", "--seconds=0.01", "--json=" + json_file});
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_THAT(finished->output, AllOf(HasSubstr("ratio map.get.100000.uniform.1t.u0 "),
                                      HasSubstr("x vs tbb\n")));
  std::ifstream file(json_file);
  const auto json = nlohmann::json::parse(file);
  EXPECT_EQ(json["measures"][0]["arms"].size(), 1 + kPeers.size());
  EXPECT_EQ(json["ratios"][0]["target"], 1.5);
}

TEST(BenchMap, ASamplerThatFindsAWrongValueIsAFailure) {
  const absl::Status status =
      RunToEnd({kBench, "map", "--samplers=" + Samplers("kill -ABRT $$"),
                "--max_entries=100000", "--filter=map.get.*uniform.1t.u0",
                "--seconds=0.01"})
          .status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("status 1"));
}

TEST(BenchMap, ListsWhatItCompares) {
  const absl::StatusOr<Finished> finished = RunToEnd({kBench, "map", "--list"});
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_THAT(finished->output,
              AllOf(HasSubstr("map.update10.10000000.zipf.2t\n"),
                    HasSubstr("map.bytes_per_entry\n"), Not(HasSubstr(".u1\n"))));
}

}  // namespace
}  // namespace rcukv::bench
