#include "bench/serve/sample_options.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rcukv::bench {
namespace {

using testing::HasSubstr;

TEST(ServeSampleOptions, SurviveTheCommandLine) {
  ServeSampleOptions options;
  options.work = Work::kPaced;
  options.protocol = Protocol::kMemcacheMeta;
  options.port = 4711;
  options.pid = 12;
  options.entries = 1000;
  options.shape = Shape::kEvents;
  options.callers = 9;
  options.loops = 3;
  options.rate = 123'456;
  options.seconds = 0.5;
  const auto parsed = ParseServeSample(ArgumentsOf(options));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->work, Work::kPaced);
  EXPECT_EQ(parsed->protocol, Protocol::kMemcacheMeta);
  EXPECT_EQ(parsed->port, 4711);
  EXPECT_EQ(parsed->pid, 12);
  EXPECT_EQ(parsed->entries, 1000);
  EXPECT_EQ(parsed->shape, Shape::kEvents);
  EXPECT_EQ(parsed->callers, 9);
  EXPECT_EQ(parsed->loops, 3);
  EXPECT_EQ(parsed->rate, 123'456);
  EXPECT_EQ(parsed->seconds, 0.5);
}

TEST(ServeSampleOptions, ABatchHasItsKeys) {
  ServeSampleOptions options;
  options.work = Work::kBatch;
  options.port = 1;
  options.keys = 16;
  const auto parsed = ParseServeSample(ArgumentsOf(options));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->keys, 16);
}

TEST(ServeSampleOptions, WritersAreSaidWhereThereAreSome) {
  ServeSampleOptions options;
  options.work = Work::kPaced;
  options.port = 1;
  options.writers = 64;
  const auto parsed = ParseServeSample(ArgumentsOf(options));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->writers, 64);
}

TEST(ServeSampleOptions, HealthChecksAreSaidWhereThereAreSome) {
  ServeSampleOptions options;
  options.port = 1;
  options.health_checks = 100;
  const auto parsed = ParseServeSample(ArgumentsOf(options));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->health_checks, 100);
}

TEST(ParseServeSample, AMistakeIsNamed) {
  const auto message = [](const std::vector<std::string>& arguments) {
    const auto options = ParseServeSample(arguments);
    EXPECT_EQ(options.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(options.status().message());
  };
  EXPECT_THAT(message({}), HasSubstr("none of fill, get, batch, paced, put, health"));
  EXPECT_THAT(message({"post", "--port=1"}), HasSubstr("\"post\" is none of"));
  EXPECT_THAT(message({"get"}), HasSubstr("--port is missing"));
  EXPECT_THAT(message({"get", "--port=1", "--protocol=http"}),
              HasSubstr("\"http\" is none of rcukv, redis,"));
  EXPECT_THAT(message({"get", "--port=1", "--protocol=redis", "--health_checks=1"}),
              HasSubstr("--protocol=rcukv alone"));
  EXPECT_THAT(message({"get", "--port=1", "--writers=1"}), HasSubstr("for paced"));
  EXPECT_THAT(message({"paced", "--port=1", "--protocol=redis", "--writers=1"}),
              HasSubstr("--protocol=rcukv alone"));
  EXPECT_THAT(message({"put", "--port=1", "--shape=pipeline"}),
              HasSubstr("not for --protocol=rcukv"));
  EXPECT_THAT(message({"get", "--port=1", "--protocol=redis", "--shape=pipeline"}),
              HasSubstr("for put alone"));
  EXPECT_THAT(message({"get", "--port=1", "--callers=1", "--loops=2"}),
              HasSubstr("--loops=2"));
}

}  // namespace
}  // namespace rcukv::bench
