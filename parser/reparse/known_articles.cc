#include "parser/reparse/known_articles.h"

#include <utility>

#include "common/framing/value_frame.h"
#include "google/protobuf/util/time_util.h"

namespace dateline {
namespace {

using google::protobuf::util::TimeUtil;

int64_t ParsedMicros(const v1::Article& article) {
  return TimeUtil::TimestampToMicroseconds(article.parse_time());
}

bool IsOfReparse(const kafka::Record& record) {
  return kafka::FindHeader(record.headers, "ce_source") == kReparseSource;
}

}  // namespace

void KnownArticles::Apply(const kafka::Record& record) {
  topic_ = record.partition.topic;
  if (!record.value.has_value()) {
    articles_[record.key] = {.partition = record.partition.partition,
                             .offset = record.offset};
    return;
  }
  v1::Article article;
  if (!ParseValue(*record.value, &article) || article.uid() != record.key) {
    return;
  }
  const int64_t parsed = ParsedMicros(article);
  const auto [entry, is_new] = articles_.try_emplace(record.key);
  Known& known = entry->second;
  const bool is_known_better =
      known.is_article ? std::pair(article.version(), parsed) <
                             std::pair(known.version, known.parsed_micros)
                       : IsOfReparse(record);
  if (!is_new && is_known_better) {
    known.is_hidden = true;
    return;
  }
  known = {.is_article = true,
           .is_hidden = false,
           .version = article.version(),
           .parsed_micros = parsed,
           .partition = record.partition.partition,
           .offset = record.offset,
           .fields = DigestFields(article)};
}

void KnownArticles::Write(v1::Article& article) {
  Known& known = articles_[article.uid()];
  if (known.is_article && known.version == article.version() &&
      ParsedMicros(article) <= known.parsed_micros) {
    *article.mutable_parse_time() =
        TimeUtil::MicrosecondsToTimestamp(known.parsed_micros + 1);
  }
  known = {.is_article = true,
           .version = article.version(),
           .parsed_micros = ParsedMicros(article),
           .fields = DigestFields(article)};
}

ReparseResult KnownArticles::Compare(const v1::Article& article,
                                     std::vector<std::string>* changed) const {
  changed->clear();
  const auto found = articles_.find(article.uid());
  if (found == articles_.end()) return ReparseResult::kGained;
  const Known& known = found->second;
  if (!known.is_article) return ReparseResult::kTakenBack;
  if (known.version > article.version()) return ReparseResult::kSuperseded;
  if (known.version < article.version()) return ReparseResult::kGained;
  *changed = ChangedFields(known.fields, DigestFields(article));
  return changed->empty() ? ReparseResult::kUnchanged : ReparseResult::kChanged;
}

ReparseResult KnownArticles::CompareNone(const std::string& uid,
                                         int64_t version) const {
  const auto found = articles_.find(uid);
  const bool is_lost = found != articles_.end() && found->second.is_article &&
                       found->second.version == version;
  return is_lost ? ReparseResult::kLost : ReparseResult::kNoArticle;
}

std::vector<kafka::Position> KnownArticles::Hidden() const {
  std::vector<kafka::Position> places;
  for (const auto& [uid, known] : articles_) {
    if (known.is_hidden && known.offset != kNotRead) {
      places.push_back({{topic_, known.partition}, known.offset});
    }
  }
  return places;
}

}  // namespace dateline
