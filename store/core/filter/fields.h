#ifndef DATELINE_STORE_CORE_FILTER_FIELDS_H_
#define DATELINE_STORE_CORE_FILTER_FIELDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace dateline::store::filter {

// What a filter may ask of an article.
enum class Field {
  kPublisher,    // publisher.name
  kDomain,       // publisher.domain
  kLanguage,     // language.tag
  kSection,      // section
  kAuthor,       // authors.name, any of them
  kKeyword,      // keywords, any of them
  kAccess,       // access
  kArticleType,  // article_type
  kPublishTime,  // publish_time.time
  kFetchTime,    // fetch_time
  kHeadline,     // headline
};

enum class FieldType { kText, kTextList, kLanguage, kEnum, kTime };

struct FieldInfo {
  Field field;
  absl::string_view name;  // as filters have it
  FieldType type;
};

// Null where there is no such field.
const FieldInfo* FindField(absl::string_view name);

// "publisher, domain, ..."
std::string KnownFields();

// The values of an enum field; null for any other.
const google::protobuf::EnumDescriptor* EnumOf(Field field);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_FIELDS_H_
