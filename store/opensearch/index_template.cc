#include "store/opensearch/index_template.h"

#include <initializer_list>
#include <string>

#include "absl/strings/str_cat.h"
#include "store/core/letter_words.h"
#include "store/opensearch/index_fields.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

// Lucene takes no term of more than 32,766 bytes, and a character has up to
// four.
constexpr int kLongestKeyword = 8191;

// Longer ones are cut: nobody looks for them.
constexpr int kLongestWord = 255;

// A letter that is a word, or a run of other letters, digits and marks; as
// java.util.regex has it.
std::string WordPattern() {
  std::string letters;
  for (const LetterRange& range : LetterWords()) {
    absl::StrAppend(&letters, "\\x{", absl::Hex(range.first), "}-\\x{",
                    absl::Hex(range.last), "}");
  }
  return absl::StrCat("[", letters, "]|[\\p{L}\\p{N}\\p{M}&&[^", letters,
                      "]]{1,", kLongestWord, "}");
}

Json Analysis() {
  return {{"tokenizer",
           {{"words",
             {{"type", "pattern"}, {"pattern", WordPattern()}, {"group", 0}}}}},
          {"analyzer",
           {{"text",
             {{"type", "custom"},
              {"tokenizer", "words"},
              {"filter", {"cjk_width", "lowercase", "asciifolding"}}}}}}};
}

void Map(std::initializer_list<const char*> names, const Json& mapping,
         Json& properties) {
  for (const char* name : names) properties[name] = mapping;
}

Json Properties() {
  Json properties = Json::object();
  Map({field::kKind, field::kUid, field::kTopic, field::kPublisher,
       field::kDomain, field::kLanguage, field::kSection, field::kAuthor,
       field::kKeyword, field::kAccess, field::kArticleType, field::kHour,
       field::kDay, field::kWeek, field::kMonth, field::kHeadlineRaw,
       field::kStory},
      {{"type", "keyword"}, {"ignore_above", kLongestKeyword}}, properties);
  Map({field::kVersion, field::kNextOffset, field::kPublishTime,
       field::kFetchTime, field::kBands, field::kStoryCount, field::kStoryLast},
      {{"type", "long"}}, properties);
  Map({field::kPartition}, {{"type", "integer"}}, properties);
  // Only read back.
  Map({field::kSignature}, {{"type", "keyword"}, {"index", false}}, properties);
  Map({field::kTextVersion, field::kTextFetchTime, field::kFirstSeen,
       field::kLastSeen, field::kSeenCount, field::kRevisionCount},
      {{"type", "long"}, {"index", false}, {"doc_values", false}}, properties);
  Map({field::kArticle, field::kRevision}, {{"type", "binary"}}, properties);
  // With offsets, a snippet needs no second analysis of the text.
  Map({field::kHeadline, field::kBody},
      {{"type", "text"}, {"analyzer", "text"}, {"index_options", "offsets"}},
      properties);
  return properties;
}

}  // namespace

Json IndexDefinition(int shards) {
  return {{"settings",
           {{"index",
             {{"number_of_shards", shards},
              // A copy wherever there is a second node to hold it.
              {"auto_expand_replicas", "0-1"},
              {"refresh_interval", "-1"},
              {"analysis", Analysis()}}}}},
          {"mappings",
           {{"dynamic", "strict"},
            {"_meta", {{"schema", kIndexSchema}}},
            {"properties", Properties()}}}};
}

}  // namespace dateline::store
