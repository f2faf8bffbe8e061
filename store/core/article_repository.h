#ifndef DATELINE_STORE_CORE_ARTICLE_REPOSITORY_H_
#define DATELINE_STORE_CORE_ARTICLE_REPOSITORY_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/kafka/record.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/article_store_service.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "store/core/article_change.h"
#include "store/core/filter/condition.h"
#include "store/core/interrupt.h"
#include "store/core/search_query.h"

namespace dateline::store {

// Records of `articles`, with how far they take their partitions.
struct ArticleBatch {
  // In the order of each partition.
  std::vector<ArticleChange> changes = {};
  // Behind the last record of each partition that was read, those included that
  // made no change because they could not be decoded.
  std::vector<kafka::Position> positions = {};
};

// How many changes ended in which way.
struct ApplyCounts {
  int64_t stored = 0;
  int64_t seen_again = 0;
  int64_t stale = 0;
  int64_t deleted = 0;
  // That the engine can never take: passed by, with a line in the log.
  int64_t refused = 0;

  void Add(ChangeResult result);
  bool operator==(const ApplyCounts&) const = default;
};

struct StoredArticle {
  v1::Article article = {};
  v1::ArticleHistory history = {};
};

// The same, the article serialized.
struct SerializedArticle {
  std::string article = {};
  v1::ArticleHistory history = {};
};

// What a page of answers may hold. A page ends before the article with which it
// would pass `max_bytes` (of articles, masked and serialized, and of snippets),
// but has at least one where there is one. A cursor is the engine's own text
// for "behind this item"; empty stands for the beginning as an input and for
// "that was all" as an output. An engine reads cursors as what anybody may have
// written.
struct PageLimits {
  int limit = 0;
  size_t max_bytes = std::numeric_limits<size_t>::max();
  std::string cursor = {};
};

// Which articles: those under `filter` (a Condition as made is true of all)
// that have all of `terms` (none: no search).
struct Selection {
  filter::Condition filter = {};
  std::vector<SearchTerm> terms = {};
};

struct ListOrder {
  enum class Field { kPublishTime, kFetchTime };

  Field field = Field::kPublishTime;
  bool descending = true;

  bool operator==(const ListOrder&) const = default;
};

struct ListQuery {
  filter::Condition filter = {};
  ListOrder order = {};
  // A checked one (read_mask.h). Articles have what it names and nothing else;
  // an engine need not read the rest.
  google::protobuf::FieldMask read_mask = {};
  PageLimits page = {};
  Interrupt interrupt = {};
};

struct ArticlePage {
  std::vector<v1::Article> articles = {};
  std::string next_cursor = {};
  // Uids of those left out since what is stored of them is damaged: one of them
  // shall not keep a client from all behind it.
  std::vector<std::string> damaged = {};
};

// The same, each article serialized.
struct SerializedPage {
  std::vector<std::string> articles = {};
  std::string next_cursor = {};
  std::vector<std::string> damaged = {};
};

struct SearchQuery {
  // With at least one term.
  Selection selection = {};
  google::protobuf::FieldMask read_mask = {};
  PageLimits page = {};
  Interrupt interrupt = {};
};

struct FoundArticle {
  v1::Article article = {};
  // BM25 with the headline weighted over the body; higher is better.
  double score = 0;
  // Around the words found, each between U+2068 and U+2069.
  std::string snippet = {};
};

struct FoundPage {
  std::vector<FoundArticle> articles = {};
  std::string next_cursor = {};
  std::vector<std::string> damaged = {};  // see ArticlePage
};

struct AggregateQuery {
  Selection selection = {};
  // One or two, different ones, outer first.
  std::vector<v1::AggregateGrouping> groupings = {};
  // Groups of each grouping; at least 1.
  int top = 0;
  Interrupt interrupt = {};
};

struct RevisionQuery {
  std::string uid = {};
  PageLimits page = {};
  Interrupt interrupt = {};
};

struct RevisionPage {
  std::vector<v1::Revision> revisions = {};
  std::string next_cursor = {};
};

struct StoryQuery {
  // Stories that have an article under it.
  filter::Condition filter = {};
  // And at least this many articles in all.
  int min_articles = 2;
  PageLimits page = {};
  Interrupt interrupt = {};
};

struct StoryPage {
  // Without their articles; one whose first article is damaged without its
  // headline and publisher.
  std::vector<v1::Story> stories = {};
  std::string next_cursor = {};
  std::vector<std::string> damaged = {};  // those first ones; see ArticlePage
};

struct ScanQuery {
  filter::Condition filter = {};
  google::protobuf::FieldMask read_mask = {};
  // Of Scan and of each Next.
  Interrupt interrupt = {};
};

// The articles under a filter as they were when the scan was made, whatever is
// applied since. One thread uses a scan. The repository must outlive it.
class ArticleScan {
 public:
  virtual ~ArticleScan() = default;

  // How many there are in all.
  virtual int64_t total() const = 0;

  // The next ones, by uid, ascending; none at the end. As many as fit
  // `max_bytes`, at least one. kUnavailable where the engine can't keep the old
  // state any longer: begin anew.
  virtual absl::StatusOr<std::vector<v1::Article>> Next(size_t max_bytes) = 0;
};

struct Usage {
  int64_t articles = 0;
  // What articles and indexes take on disk, about.
  int64_t size_bytes = 0;
};

// The articles seen so far, by uid, and how far the topic was read to see them.
// tests/store/article_repository_contract.h holds every engine to this.
//
// Errors of all calls: kUnavailable and kResourceExhausted can be tried again
// (an engine that is away or locked; a full disk); kDataLoss means that what is
// stored is damaged; kFailedPrecondition and kPermissionDenied need a person.
//
// Apply has one caller at a time. The reading calls may run on any number of
// threads, at the same time as Apply, and each sees a batch as a whole or not
// at all.
class ArticleRepository {
 public:
  // Of BatchGet.
  static absl::Status TooManyBytes();

  virtual ~ArticleRepository() = default;

  // Stores the changes, by the rule of Decide, and the positions: all or
  // nothing, for good when it returns OK. Changes before the position stored
  // for their partition are left out, so that applying a batch again changes
  // nothing, and counts nothing.
  virtual absl::StatusOr<ApplyCounts> Apply(const ArticleBatch& batch) = 0;

  // What Apply stored last for each partition.
  virtual absl::StatusOr<std::vector<kafka::Position>> Positions() const = 0;

  // Forgets, for good, up to `limit` articles whose fetch time is before
  // `fetched_before_us` (or that have none), those fetched longest ago first,
  // with their revisions and their part in stories, as a tombstone would.
  // Returns how many. Positions stay. Same caller as Apply's.
  virtual absl::StatusOr<int64_t> DeleteOldest(int64_t fetched_before_us,
                                               int limit) = 0;

  // kNotFound, naming the uid, where there is none.
  virtual absl::StatusOr<StoredArticle> Get(
      absl::string_view uid,
      const google::protobuf::FieldMask& read_mask) const = 0;

  // All of it, as bytes to be passed on. An engine that has them as such needs
  // not look into them; this one calls Get.
  virtual absl::StatusOr<SerializedArticle> GetSerialized(
      absl::string_view uid) const;

  // Those of `uids` that there are, in that order; `uids` may name one twice,
  // which then comes twice. Masked, and with their uid in any case, so that the
  // caller can tell which they are. kInvalidArgument where they are more than
  // kMaxPageBytes together (TooManyBytes).
  virtual absl::StatusOr<std::vector<v1::Article>> BatchGet(
      const std::vector<std::string>& uids,
      const google::protobuf::FieldMask& read_mask) const = 0;

  // In the order asked for. Descending, articles without the time come last;
  // of the same time the greater uid is first. Ascending is the exact reverse.
  // Neither gap nor repeat over the pages for what is stored throughout and
  // doesn't change its place. kInvalidArgument where the cursor is none of this
  // engine's.
  virtual absl::StatusOr<ArticlePage> List(const ListQuery& query) const = 0;

  // The same page as bytes to be passed on; this one calls List.
  virtual absl::StatusOr<SerializedPage> ListSerialized(
      const ListQuery& query) const;

  // Articles that have all terms, best first. A term of Chinese, Japanese or
  // Korean characters is found wherever they stand next to each other. Scores
  // move when articles come in, so that only while none does are the pages
  // without gap and repeat.
  virtual absl::StatusOr<FoundPage> Search(const SearchQuery& query) const = 0;

  // Exact counts, as the response's fields have them. Names of groups: a text
  // as it stands, an enum value's name, a time by BucketName (grouping.h).
  // Groups of texts and enums: most articles first, then by name's bytes.
  // Groups of times: the latest `top` ones, latest first. An article with
  // several authors or keywords counts once in each of their groups, and so
  // may count more than once in other_count.
  virtual absl::StatusOr<v1::AggregateArticlesResponse> Aggregate(
      const AggregateQuery& query) const = 0;

  // Each text the article had, newest first, with what differs from the one
  // before (ChangedFields in revision.h): one revision for each change that
  // Decide calls a revision; a newer reading of the same version takes its
  // revision's place. Version and fetch time are those the text came with, its
  // other times those it was seen with last. kNotFound, naming the uid, where
  // there is no such article.
  virtual absl::StatusOr<RevisionPage> ListRevisions(
      const RevisionQuery& query) const = 0;

  // Latest first: by last publish time, those without one last, then by uid,
  // descending. Articles belong to one story where a chain of near-duplicates
  // (AreNearDuplicates in near_duplicate.h) joins them: which story depends
  // only on what is stored, not on the order it came in. A story's uid is the
  // least of its articles' uids; it may change when articles come and go. An
  // article without a minhash is a story of its own.
  virtual absl::StatusOr<StoryPage> ListStories(
      const StoryQuery& query) const = 0;

  // The story that has the article `uid`, with its articles (by publish time,
  // those without one last, then by uid, ascending; at most kMaxStoryArticles
  // and kMaxPageBytes; without body, live_updates and minhash). kNotFound,
  // naming the uid.
  virtual absl::StatusOr<v1::Story> GetStory(absl::string_view uid) const = 0;

  virtual absl::StatusOr<std::unique_ptr<ArticleScan>> Scan(
      const ScanQuery& query) const = 0;

  virtual absl::StatusOr<Usage> MeasureUsage() const = 0;

  // How many articles there are.
  virtual absl::StatusOr<int64_t> Count() const = 0;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_ARTICLE_REPOSITORY_H_
