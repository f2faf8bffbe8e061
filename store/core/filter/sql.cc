#include "store/core/filter/sql.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dateline::store::filter {
namespace {

const std::string& Column(Field field, const SqlSchema& schema) {
  switch (field) {
    case Field::kPublisher:
      return schema.publisher;
    case Field::kDomain:
      return schema.domain;
    case Field::kLanguage:
      return schema.language;
    case Field::kSection:
      return schema.section;
    case Field::kAuthor:
      return schema.author.value;
    case Field::kKeyword:
      return schema.keyword.value;
    case Field::kAccess:
      return schema.access;
    case Field::kArticleType:
      return schema.article_type;
    case Field::kPublishTime:
      return schema.publish_time;
    case Field::kFetchTime:
      return schema.fetch_time;
    case Field::kHeadline:
      break;
  }
  return schema.headline;
}

const SqlSideTable* SideTable(Field field, const SqlSchema& schema) {
  if (field == Field::kAuthor) return &schema.author;
  if (field == Field::kKeyword) return &schema.keyword;
  return nullptr;
}

bool IsEnum(Field field) { return EnumOf(field) != nullptr; }

bool IsTime(Field field) {
  return field == Field::kPublishTime || field == Field::kFetchTime;
}

std::string EscapeForGlob(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[') {
      absl::StrAppend(&escaped, "[", absl::string_view(&c, 1), "]");
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

std::string EscapeForLike(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

// The match's text between what stands for any text, where it may stand.
std::string Pattern(const TextMatch& match, absl::string_view any,
                    absl::string_view escaped) {
  const bool before = match.kind == TextMatch::Kind::kEnds ||
                      match.kind == TextMatch::Kind::kContains;
  const bool behind = match.kind == TextMatch::Kind::kBegins ||
                      match.kind == TextMatch::Kind::kContains;
  return absl::StrCat(before ? any : "", escaped, behind ? any : "");
}

// Writes the tests, and keeps their parameters.
class Writer {
 public:
  Writer(const SqlSchema& schema, int first_parameter)
      : schema_(schema), next_parameter_(first_parameter) {}

  SqlWhere Write(const Condition& condition) {
    Append(condition);
    return std::move(where_);
  }

 private:
  void Append(const Condition& condition) {
    if (condition.kind == TreeKind::kLeaf) return AppendLeaf(condition.leaf);
    if (condition.operands.empty()) {
      return Text(condition.kind == TreeKind::kAll ? "1" : "0");
    }
    absl::string_view before = condition.kind == TreeKind::kNot ? "NOT (" : "(";
    for (const Condition& operand : condition.operands) {
      Text(before);
      Append(operand);
      before = condition.kind == TreeKind::kAny ? " OR " : " AND ";
    }
    Text(")");
  }

  void AppendLeaf(const Predicate& predicate) {
    if (predicate.negated) Text("NOT ");
    const SqlSideTable* side = SideTable(predicate.field, schema_);
    if (side != nullptr) {
      Text(absl::StrCat("EXISTS (SELECT 1 FROM ", side->table, " WHERE ",
                        side->table, ".", side->key, " = ", schema_.article_key,
                        " AND "));
    } else {
      Text("(");
    }
    const std::string column =
        side == nullptr ? Column(predicate.field, schema_)
                        : absl::StrCat(side->table, ".", side->value);
    std::visit([&](const auto& test) { AppendTest(predicate, column, test); },
               predicate.test);
    Text(")");
  }

  void AppendTest(const Predicate& predicate, absl::string_view column,
                  const Present&) {
    if (IsTime(predicate.field)) return AppendKnownTime(column);
    Text(column);
    Text(IsEnum(predicate.field) ? " <> 0" : " <> ''");
  }

  void AppendKnownTime(absl::string_view column) {
    Text(column);
    if (!schema_.no_time_is_least) return Text(" IS NOT NULL");
    Text(" > ");
    Parameter(std::numeric_limits<int64_t>::min());
  }

  void AppendTest(const Predicate&, absl::string_view column,
                  const TextMatch& match) {
    Text(column);
    if (match.kind == TextMatch::Kind::kEquals) {
      Text(" = ");
      Parameter(match.text);
      if (match.ignore_case) Text(" COLLATE NOCASE");
    } else if (match.ignore_case) {
      Text(" LIKE ");
      Parameter(Pattern(match, "%", EscapeForLike(match.text)));
      Text(" ESCAPE '\\'");
    } else {
      Text(" GLOB ");
      Parameter(Pattern(match, "*", EscapeForGlob(match.text)));
    }
  }

  void AppendTest(const Predicate&, absl::string_view column,
                  const EnumMatch& match) {
    Text(column);
    Text(" = ");
    Parameter(int64_t{match.number});
  }

  void AppendTest(const Predicate& predicate, absl::string_view column,
                  const TimeRange& range) {
    absl::string_view before = "";
    // The least integer is before any end; and under NOT, a comparison with
    // NULL would be NULL again, and no row.
    if (schema_.no_time_is_least ? !range.begin_us : predicate.negated) {
      AppendKnownTime(column);
      before = " AND ";
    }
    if (range.begin_us) {
      Text(absl::StrCat(before, column, " >= "));
      Parameter(*range.begin_us);
      before = " AND ";
    }
    if (range.end_us) {
      Text(absl::StrCat(before, column, " < "));
      Parameter(*range.end_us);
    }
  }

  void Text(absl::string_view text) {
    where_.text.append(text.data(), text.size());
  }

  void Parameter(SqlValue value) {
    Text(absl::StrCat("?", next_parameter_++));
    where_.parameters.push_back(std::move(value));
  }

  const SqlSchema& schema_;
  int next_parameter_;
  SqlWhere where_;
};

}  // namespace

SqlWhere ToSql(const Condition& condition, const SqlSchema& schema,
               int first_parameter) {
  return Writer(schema, first_parameter).Write(condition);
}

}  // namespace dateline::store::filter
