#include "store/core/filter/fields.h"

#include <iterator>

#include "absl/strings/str_join.h"
#include "dateline/v1/article.pb.h"

namespace dateline::store::filter {
namespace {

constexpr FieldInfo kFields[] = {
    {Field::kPublisher, "publisher", FieldType::kText},
    {Field::kDomain, "domain", FieldType::kText},
    {Field::kLanguage, "language", FieldType::kLanguage},
    {Field::kSection, "section", FieldType::kText},
    {Field::kAuthor, "author", FieldType::kTextList},
    {Field::kKeyword, "keyword", FieldType::kTextList},
    {Field::kAccess, "access", FieldType::kEnum},
    {Field::kArticleType, "article_type", FieldType::kEnum},
    {Field::kPublishTime, "publish_time", FieldType::kTime},
    {Field::kFetchTime, "fetch_time", FieldType::kTime},
    {Field::kHeadline, "headline", FieldType::kText},
};

}  // namespace

const FieldInfo* FindField(absl::string_view name) {
  for (const FieldInfo& info : kFields) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

std::string KnownFields() {
  return absl::StrJoin(kFields, ", ",
                       [](std::string* out, const FieldInfo& info) {
                         out->append(info.name.data(), info.name.size());
                       });
}

const google::protobuf::EnumDescriptor* EnumOf(Field field) {
  if (field == Field::kAccess) return v1::Access_descriptor();
  if (field == Field::kArticleType) return v1::ArticleType_descriptor();
  return nullptr;
}

}  // namespace dateline::store::filter
