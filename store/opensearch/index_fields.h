#ifndef DATELINE_STORE_OPENSEARCH_INDEX_FIELDS_H_
#define DATELINE_STORE_OPENSEARCH_INDEX_FIELDS_H_

#include "dateline/v1/article_store_service.pb.h"
#include "store/core/filter/opensearch.h"

namespace dateline::store::field {

// The names of an index's fields; index_template.cc maps them. Times are
// microseconds since the Unix epoch.

// One of kKind*: an index holds documents of several kinds, so that they are
// switched, lost and rebuilt together.
inline constexpr char kKind[] = "kind";
inline constexpr char kKindArticle[] = "article";
// A text that an article had before the one it has.
inline constexpr char kKindRevision[] = "revision";
// What is left of an article taken back: how far its records were applied.
inline constexpr char kKindTombstone[] = "tombstone";
// An article that retention is about to delete.
inline constexpr char kKindExpired[] = "expired";
// How far a partition was applied.
inline constexpr char kKindPosition[] = "position";

inline constexpr char kUid[] = "uid";
// Serialized, in base64.
inline constexpr char kArticle[] = "article";
inline constexpr char kRevision[] = "revision";

// Of a revision.
inline constexpr char kVersion[] = "version";

// Of the version that an article's text came with.
inline constexpr char kTextVersion[] = "text_version";
inline constexpr char kTextFetchTime[] = "text_fetch_us";

// An article's history.
inline constexpr char kFirstSeen[] = "first_seen_us";
inline constexpr char kLastSeen[] = "last_seen_us";
inline constexpr char kSeenCount[] = "seen_count";
inline constexpr char kRevisionCount[] = "revision_count";

// Of the last record applied, and of positions.
inline constexpr char kTopic[] = "topic";
inline constexpr char kPartition[] = "partition";
inline constexpr char kNextOffset[] = "next_offset";

// For filters, groups, order and search.
inline constexpr char kPublisher[] = "publisher";
inline constexpr char kDomain[] = "domain";
inline constexpr char kLanguage[] = "language";
inline constexpr char kSection[] = "section";
inline constexpr char kAuthor[] = "author";
inline constexpr char kKeyword[] = "keyword";
inline constexpr char kAccess[] = "access";
inline constexpr char kArticleType[] = "article_type";
inline constexpr char kPublishTime[] = "publish_us";
inline constexpr char kFetchTime[] = "fetch_us";
inline constexpr char kHour[] = "publish_hour";
inline constexpr char kDay[] = "publish_day";
inline constexpr char kWeek[] = "publish_week";
inline constexpr char kMonth[] = "publish_month";
inline constexpr char kHeadline[] = "headline";
inline constexpr char kHeadlineRaw[] = "headline_raw";
inline constexpr char kBody[] = "body";

// For stories. The article that gives its story the uid (the head) has the
// story's size and last publish time; the others haven't.
inline constexpr char kSignature[] = "signature";
inline constexpr char kBands[] = "bands";
inline constexpr char kStory[] = "story_uid";
inline constexpr char kStoryCount[] = "story_count";
inline constexpr char kStoryLast[] = "story_last_us";

// For filter::ToOpenSearchQuery.
inline filter::OpenSearchSchema FilterSchema() {
  return {.publisher = kPublisher,
          .domain = kDomain,
          .language = kLanguage,
          .section = kSection,
          .author = kAuthor,
          .keyword = kKeyword,
          .headline = kHeadlineRaw,
          .access = kAccess,
          .article_type = kArticleType,
          .publish_time = kPublishTime,
          .fetch_time = kFetchTime};
}

// The field that has the names of grouping.h's GroupsOf.
inline const char* OfGrouping(v1::AggregateGrouping grouping) {
  switch (grouping) {
    case v1::AGGREGATE_GROUPING_PUBLISHER:
      return kPublisher;
    case v1::AGGREGATE_GROUPING_DOMAIN:
      return kDomain;
    case v1::AGGREGATE_GROUPING_LANGUAGE:
      return kLanguage;
    case v1::AGGREGATE_GROUPING_SECTION:
      return kSection;
    case v1::AGGREGATE_GROUPING_AUTHOR:
      return kAuthor;
    case v1::AGGREGATE_GROUPING_KEYWORD:
      return kKeyword;
    case v1::AGGREGATE_GROUPING_ARTICLE_TYPE:
      return kArticleType;
    case v1::AGGREGATE_GROUPING_HOUR:
      return kHour;
    case v1::AGGREGATE_GROUPING_WEEK:
      return kWeek;
    case v1::AGGREGATE_GROUPING_MONTH:
      return kMonth;
    default:
      return kDay;
  }
}

}  // namespace dateline::store::field

#endif  // DATELINE_STORE_OPENSEARCH_INDEX_FIELDS_H_
