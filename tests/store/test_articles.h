#ifndef DATELINE_TESTS_STORE_TEST_ARTICLES_H_
#define DATELINE_TESTS_STORE_TEST_ARTICLES_H_

#include <gmock/gmock.h>

#include <cstdint>
#include <string>

#include "common/kafka/record.h"
#include "dateline/v1/article.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"
#include "store/core/article_change.h"

namespace dateline::store {

inline constexpr char kTopic[] = "test.articles";

MATCHER_P(EqualsProto, expected, "equals " + expected.DebugString()) {
  *result_listener << arg.DebugString();
  return google::protobuf::util::MessageDifferencer::Equals(arg, expected);
}

// An article whose times follow from its version: fetched `version` ms after
// the epoch, parsed a second later.
inline v1::Article MakeArticle(const std::string& uid, int64_t version,
                               const std::string& headline,
                               const std::string& text) {
  using google::protobuf::util::TimeUtil;
  v1::Article article;
  article.set_uid(uid);
  article.set_version(version);
  article.set_headline(headline);
  article.add_body()->mutable_paragraph()->set_text(text);
  article.set_content_sha256(headline + "/" + text);
  *article.mutable_fetch_time() = TimeUtil::MillisecondsToTimestamp(version);
  *article.mutable_parse_time() =
      TimeUtil::MillisecondsToTimestamp(version + 1000);
  return article;
}

inline v1::Article MakeDatedArticle(const std::string& uid,
                                    int64_t publish_seconds) {
  v1::Article article = MakeArticle(uid, 1, "Headline of " + uid, "Text.");
  article.mutable_publish_time()->mutable_time()->set_seconds(publish_seconds);
  article.mutable_publish_time()->set_precision(v1::TIME_PRECISION_SECOND);
  return article;
}

inline ArticleChange ChangeTo(const v1::Article& article, int64_t offset,
                              int32_t partition = 0) {
  return {.partition = {kTopic, partition},
          .offset = offset,
          .uid = article.uid(),
          .article = article};
}

inline ArticleChange Tombstone(const std::string& uid, int64_t offset,
                               int32_t partition = 0) {
  return {.partition = {kTopic, partition}, .offset = offset, .uid = uid};
}

inline kafka::OutgoingRecord RecordOf(const v1::Article& article,
                                      int32_t partition = 0) {
  return {.topic = kTopic,
          .partition = partition,
          .key = article.uid(),
          .value = article.SerializeAsString(),
          .headers = {}};
}

inline kafka::OutgoingRecord TombstoneRecord(const std::string& uid,
                                             int32_t partition = 0) {
  return {.topic = kTopic,
          .partition = partition,
          .key = uid,
          .value = std::nullopt,
          .headers = {}};
}

}  // namespace dateline::store

#endif  // DATELINE_TESTS_STORE_TEST_ARTICLES_H_
