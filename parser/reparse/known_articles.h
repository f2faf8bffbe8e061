#ifndef DATELINE_PARSER_REPARSE_KNOWN_ARTICLES_H_
#define DATELINE_PARSER_REPARSE_KNOWN_ARTICLES_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/kafka/record.h"
#include "dateline/v1/article.pb.h"
#include "parser/reparse/article_fields.h"

namespace dateline {

// The CloudEvents source of what a reparse writes.
inline constexpr char kReparseSource[] = "/dateline/parser/reparse";

// What a reading of a page does to what is known of its uid.
enum class ReparseResult {
  kUnchanged,   // the article says the same
  kChanged,     // another article of the same fetch
  kGained,      // an article, where there was none of this fetch
  kSuperseded,  // the topic has an article of a later fetch
  kTakenBack,   // somebody has taken the article back
  kLost,        // no article any more, where there is one of this fetch
  kNoArticle,   // no article, as before
};

// The latest article of each uid on `articles`, as digests of its fields: some
// 300 bytes each.
class KnownArticles {
 public:
  // Takes the topic's records, each partition's in order. Records that are no
  // articles are passed over.
  void Apply(const kafka::Record& record);

  // Takes an article that is about to be written. Where the known one is of the
  // same version its `parse_time` becomes a later one, if it is not, as the
  // clock of who wrote that may be ahead: stores tell them apart by it.
  void Write(v1::Article& article);

  // What becomes of an article as read now. `changed` gets the names of the
  // fields that differ.
  ReparseResult Compare(const v1::Article& article,
                        std::vector<std::string>* changed) const;
  // The same for a page of this uid and version that gives no article.
  ReparseResult CompareNone(const std::string& uid, int64_t version) const;

  // What has a record behind it on the topic that should not hide it: the
  // latest articles with an older one, and tombstones with an article that a
  // reparse, not knowing of them yet, has written. To be written again.
  std::vector<kafka::Position> Hidden() const;

  size_t size() const { return articles_.size(); }

 private:
  static constexpr int64_t kNotRead = -1;

  struct Known {
    // None: taken back.
    bool is_article = false;
    bool is_hidden = false;
    int64_t version = 0;
    int64_t parsed_micros = 0;
    int32_t partition = 0;
    // kNotRead: about to be written.
    int64_t offset = kNotRead;
    FieldDigests fields = {};
  };

  std::string topic_;
  std::unordered_map<std::string, Known> articles_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_REPARSE_KNOWN_ARTICLES_H_
