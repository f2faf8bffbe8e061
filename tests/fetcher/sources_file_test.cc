#include "fetcher/sources_file.h"

#include <fstream>
#include <iterator>

#include "fetcher/core/proto_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

std::string MistakesOf(absl::string_view yaml) {
  const auto sources = ParseSourcesFile(yaml, "s.yaml", kNow);
  EXPECT_TRUE(absl::IsInvalidArgument(sources.status()));
  return std::string(sources.status().message());
}

TEST(SourcesFileTest, ReadsEveryField) {
  const auto sources = ParseSourcesFile(R"(
sources:
  - name: post-world
    kind: section_page
    url: HTTPS://News.example:443/world#top
    display_name: The Post, world
    interval: 1h30m
    host_delay: 2s
    paused: true
    publisher: The Post
    language: en-GB
  - {name: sources/b, kind: feed, url: 'http://b.example/feed'}
)",
                                        "s.yaml", kNow);
  ASSERT_TRUE(sources.ok()) << sources.status();
  ASSERT_EQ(sources->size(), 2U);
  const v1::Source& first = (*sources)[0];
  EXPECT_EQ(first.name(), "sources/post-world");
  EXPECT_EQ(first.kind(), v1::SOURCE_KIND_SECTION_PAGE);
  EXPECT_EQ(first.url(), "https://news.example/world");
  EXPECT_EQ(first.display_name(), "The Post, world");
  EXPECT_EQ(FromProto(first.interval()), absl::Minutes(90));
  EXPECT_EQ(FromProto(first.host_delay()), absl::Seconds(2));
  EXPECT_TRUE(first.paused());
  EXPECT_EQ(first.publisher(), "The Post");
  EXPECT_EQ(first.language(), "en-GB");
  EXPECT_EQ((*sources)[1].name(), "sources/b");
  EXPECT_EQ(FromProto((*sources)[1].interval()), absl::Minutes(5));
}

TEST(SourcesFileTest, NoSourcesAreSources) {
  const auto sources = ParseSourcesFile("sources: []", "s.yaml", kNow);
  ASSERT_TRUE(sources.ok());
  EXPECT_TRUE(sources->empty());
}

TEST(SourcesFileTest, SaysOfEachMistakeWhereItIsAndWhatToDo) {
  EXPECT_EQ(MistakesOf(R"(sources:
  - name: a
    kind: feeds
    url: http://a.example/
  - name: b
    kind: feed
    url: b.example/feed
    interval: soon
  - name: c
    kind: feed
    url: http://c.example/
    intervall: 5m
  - name: c
    kind: feed
)"),
            "s.yaml:3: 'feeds' is no kind of source; give feed, sitemap, "
            "section_page or site\n"
            "s.yaml:7: 'b.example/feed' is not an absolute URL; give an http "
            "or https URL, as https://news.example/feed\n"
            "s.yaml:8: interval 'soon' is no duration; give a number with its "
            "unit, as 30s, 5m or 1h30m\n"
            "s.yaml:12: 'intervall' is no field of a source; leave it out, or "
            "give one of name, kind, url, display_name, interval, host_delay, "
            "paused, publisher, language\n"
            "s.yaml:13: this source has no url; add it");
}

TEST(SourcesFileTest, HoldsToTheRulesOfSources) {
  EXPECT_EQ(MistakesOf("sources:\n"
                       "- {name: a, kind: feed, url: 'http://a.example/',\n"
                       "   interval: 10s}\n"),
            "s.yaml:2: source.interval must be from 1m to 24h; correct it");
  EXPECT_THAT(
      MistakesOf("sources:\n"
                 "- {name: A b, kind: feed, url: 'http://a.example'}"),
      testing::StartsWith("s.yaml:2: \"sources/A b\" is no source name: "));
  EXPECT_EQ(MistakesOf("sources:\n"
                       "- {name: a, kind: feed, url: 'http://a.example/1'}\n"
                       "- {name: b, kind: feed, url: 'http://a.example/1#x'}\n"
                       "- {name: a, kind: feed, url: 'http://a.example/2'}\n"
                       "- {name: d, kind: feed, url: 'http://a.example/3',\n"
                       "   paused: perhaps, name: e}\n"),
            "s.yaml:3: the source of line 2 has this URL; leave one of them "
            "out\n"
            "s.yaml:4: the source of line 2 has this name; give each a name "
            "of its own\n"
            "s.yaml:6: paused 'perhaps' is no answer; give true or false\n"
            "s.yaml:6: 'name' is given twice; leave one out");
}

TEST(SourcesFileTest, RefusesWhatIsNoListOfSources) {
  EXPECT_EQ(MistakesOf(""),
            "s.yaml:1: the file is no map of 'sources' alone; begin it with "
            "'sources:' and list them below");
  EXPECT_EQ(MistakesOf("- name: a"), MistakesOf(""));
  EXPECT_EQ(MistakesOf("sources: []\nmore: []"), MistakesOf(""));
  EXPECT_EQ(MistakesOf("sources:\n"),
            "s.yaml:1: 'sources' is no list; begin each source with '- name: "
            "...', or write [] for none");
  EXPECT_EQ(MistakesOf("sources:\n- a\n"),
            "s.yaml:2: this source is no map of its fields; write '- name: "
            "...' and the other fields below it");
  EXPECT_EQ(MistakesOf("sources:\n- name: a\n  url: [\n"),
            "s.yaml:4: this is no YAML: end of sequence flow not found; "
            "correct it");
  EXPECT_EQ(MistakesOf("sources:\n- name: {}\n  kind: feed\n"
                       "  url: http://a.example/"),
            "s.yaml:2: 'name' has no plain value; write one after it, or "
            "leave it out");
}

TEST(SourcesFileTest, SaysThatAFileIsNotThere) {
  EXPECT_EQ(ReadSourcesFile("/nowhere/s.yaml", kNow).status().message(),
            "the sources file /nowhere/s.yaml can't be read; check "
            "--sources_file and that the file is there");
}

TEST(SourcesFileTest, TheExampleIsOne) {
  const auto sources =
      ReadSourcesFile(DATELINE_SOURCE_DIR "/docs/sources.yaml", kNow);
  ASSERT_TRUE(sources.ok()) << sources.status();
  EXPECT_EQ(sources->size(), 4U);
}

}  // namespace
}  // namespace dateline::fetcher
