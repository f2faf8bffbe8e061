#include "fetcher/core/source_plan.h"

#include <string>

#include "fetcher/core/proto_time.h"
#include "fetcher/core/source_rules.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

v1::Source Feed(const std::string& id, absl::Time now = kNow) {
  v1::CreateSourceRequest request;
  request.set_source_id(id);
  request.mutable_source()->set_kind(v1::SOURCE_KIND_FEED);
  request.mutable_source()->set_url("http://" + id + ".example/feed");
  return NewSource(request, now).value();
}

TEST(SourcePlanTest, CreatesWhatIsMissingAndMarksItAsTheFiles) {
  const std::vector<SourceWrite> writes =
      PlanSources({Feed("a"), Feed("b")}, {Feed("b")}, kNow);
  ASSERT_EQ(writes.size(), 1U);
  EXPECT_EQ(writes[0].name, "sources/a");
  ASSERT_TRUE(writes[0].source.has_value());
  EXPECT_TRUE(writes[0].source->from_file());
  EXPECT_EQ(writes[0].source->url(), "http://a.example/feed");
}

TEST(SourcePlanTest, HasNothingToDoASecondTime) {
  const std::vector<v1::Source> wanted = {Feed("a"), Feed("b")};
  std::vector<v1::Source> present;
  for (const SourceWrite& write : PlanSources(wanted, {}, kNow)) {
    present.push_back(*write.source);
  }
  const absl::Time later = kNow + absl::Hours(1);
  EXPECT_TRUE(PlanSources({Feed("a", later), Feed("b", later)}, present, later)
                  .empty());
}

TEST(SourcePlanTest, GivesAPresentSourceTheFilesFields) {
  v1::Source present = Feed("a");
  present.set_publisher("Old");
  present.set_paused(true);
  v1::Source wanted = Feed("a", kNow + absl::Hours(1));
  wanted.set_display_name("A");
  const std::vector<SourceWrite> writes =
      PlanSources({wanted}, {present}, kNow + absl::Hours(1));
  ASSERT_EQ(writes.size(), 1U);
  const v1::Source& source = *writes[0].source;
  EXPECT_EQ(source.display_name(), "A");
  EXPECT_EQ(source.publisher(), "");
  EXPECT_FALSE(source.paused());
  EXPECT_FALSE(source.from_file());
  EXPECT_EQ(FromProto(source.create_time()), kNow);
  EXPECT_EQ(FromProto(source.update_time()), kNow + absl::Hours(1));
  EXPECT_NE(source.etag(), present.etag());
}

TEST(SourcePlanTest, DeletesOnlyWhatCameFromAFile) {
  v1::Source from_file = Feed("a");
  from_file.set_from_file(true);
  const std::vector<SourceWrite> writes =
      PlanSources({}, {from_file, Feed("b")}, kNow);
  ASSERT_EQ(writes.size(), 1U);
  EXPECT_EQ(writes[0].name, "sources/a");
  EXPECT_FALSE(writes[0].source.has_value());
}

}  // namespace
}  // namespace dateline::fetcher
