#include <gtest/gtest.h>

#include <string>

#include "dateline/v1/article_store_service.pb.h"
#include "store/core/page_token.h"
#include "store/core/resume_token.h"
#include "store/core/sealed_token.h"
#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

using ::testing::HasSubstr;

v1::ListArticlesRequest ListRequest() {
  v1::ListArticlesRequest request;
  request.set_page_size(10);
  request.mutable_read_mask()->add_paths("headline");
  return request;
}

TEST(PageToken, GivesTheCursorBack) {
  v1::ListArticlesRequest request = ListRequest();
  request.set_page_token(MakePageToken(request, "17:abc"));
  EXPECT_EQ(ReadPageToken(request).value(), "17:abc");
}

TEST(PageToken, IsEmptyOnTheLastPageAndReadsEmptyOnTheFirst) {
  EXPECT_EQ(MakePageToken(ListRequest(), ""), "");
  EXPECT_EQ(ReadPageToken(ListRequest()).value(), "");
}

TEST(PageToken, AllowsAnotherPageSize) {
  v1::ListArticlesRequest request = ListRequest();
  request.set_page_token(MakePageToken(request, "17:abc"));
  request.set_page_size(20);
  EXPECT_EQ(ReadPageToken(request).value(), "17:abc");
}

TEST(PageToken, IsRefusedWhereAnotherFieldDiffers) {
  v1::ListArticlesRequest request = ListRequest();
  request.set_page_token(MakePageToken(request, "17:abc"));
  request.mutable_read_mask()->add_paths("url");
  const absl::Status status = ReadPageToken(request).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("page_token"));
}

TEST(PageToken, IsRefusedByAnotherMethod) {
  v1::ListArticlesRequest list;
  v1::SearchArticlesRequest search;
  search.set_page_token(MakePageToken(list, "17:abc"));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadPageToken(search).status()));
}

TEST(PageToken, IsRefusedWhereItWasMadeUp) {
  v1::ListArticlesRequest request = ListRequest();
  const std::string genuine = MakePageToken(request, "17:abc");
  std::string changed = genuine;
  changed.back() = changed.back() == 'A' ? 'E' : 'A';
  for (const std::string& token :
       {std::string("x"), std::string("next"), std::string("***"),
        std::string(100'000, 'A'), genuine.substr(0, 8), changed}) {
    request.set_page_token(token);
    EXPECT_TRUE(absl::IsInvalidArgument(ReadPageToken(request).status()))
        << token.substr(0, 100);
  }
}

TEST(PageSize, HasADefaultAndAMaximum) {
  EXPECT_EQ(PageSize(0).value(), 50);
  EXPECT_EQ(PageSize(7).value(), 7);
  EXPECT_EQ(PageSize(1'000'000).value(), 1000);
  EXPECT_TRUE(absl::IsInvalidArgument(PageSize(-1).status()));
}

TEST(ResumeToken, GivesTheOffsetsBack) {
  const Offsets offsets = {{0, 17}, {3, 0}, {11, 1'000'000'000'000}};
  EXPECT_EQ(ReadResumeToken(kTopic, MakeResumeToken(kTopic, offsets)).value(),
            offsets);
  EXPECT_EQ(ReadResumeToken(kTopic, MakeResumeToken(kTopic, {})).value(),
            Offsets());
}

TEST(ResumeToken, IsRefusedForAnotherTopic) {
  const std::string token = MakeResumeToken(kTopic, {{0, 1}});
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadResumeToken("other.articles", token).status()));
}

TEST(ResumeToken, IsRefusedWhereItHoldsNoOffsets) {
  const std::string binding = "dateline.v1.WatchArticlesRequest\ntest.articles";
  ASSERT_TRUE(ReadResumeToken(kTopic, SealToken(binding, "0:1")).ok());
  for (const char* payload : {"0", "0:", ":1", "0:-1", "-1:0", "a:b", "0:1;"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ReadResumeToken(kTopic, SealToken(binding, payload)).status()))
        << payload;
  }
}

}  // namespace
}  // namespace dateline::store
