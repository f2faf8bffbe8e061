#include "parser/core/rules/rule_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dateline/v1/site_rule.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"

namespace dateline {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::TextFormat;

// Protobuf counts lines and columns from 0.
std::string Place(const std::string& file, int line, int column) {
  return absl::StrCat(file, ":", std::max(line, 0) + 1, ":",
                      std::max(column, 0) + 1);
}

class Collector final : public google::protobuf::io::ErrorCollector {
 public:
  Collector(const std::string& file, std::vector<std::string>* errors)
      : file_(file), errors_(*errors) {}

  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    errors_.push_back(absl::StrCat(Place(file_, line, column), ": ", message));
  }
  // What protobuf warns of (a deprecated field, a string over two lines) is
  // wrong in a file made for people.
  void AddWarning(int line, google::protobuf::io::ColumnNumber column,
                  const std::string& message) override {
    AddError(line, column, message);
  }

 private:
  const std::string& file_;
  std::vector<std::string>& errors_;
};

// Compiles the fields of one message, each with its place in the file.
class Compiler {
 public:
  Compiler(const std::string& file, const v1::SiteRule& rule,
           const TextFormat::ParseInfoTree& places,
           std::vector<std::string>* errors)
      : file_(file), rule_(rule), places_(places), errors_(*errors) {}

  std::vector<Selector> Selectors(int field_number) {
    const FieldDescriptor* field =
        v1::SiteRule::descriptor()->FindFieldByNumber(field_number);
    std::vector<Selector> selectors;
    for (int i = 0; i < rule_.GetReflection()->FieldSize(rule_, field); ++i) {
      absl::StatusOr<Selector> selector = Selector::Compile(
          rule_.GetReflection()->GetRepeatedString(rule_, field, i));
      if (selector.ok()) {
        selectors.push_back(*std::move(selector));
      } else {
        Complain(field, i, selector.status().message());
      }
    }
    return selectors;
  }

  std::vector<RuleDomain> Domains() {
    const FieldDescriptor* field =
        v1::SiteRule::descriptor()->FindFieldByNumber(
            v1::SiteRule::kDomainsFieldNumber);
    if (rule_.domains().empty()) {
      errors_.push_back(absl::StrCat(Place(file_, 0, 0), ": names no domains"));
    }
    std::vector<RuleDomain> domains;
    for (int i = 0; i < rule_.domains_size(); ++i) {
      domains.push_back({rule_.domains(i), PlaceOf(field, i)});
      if (!IsDomain(rule_.domains(i))) {
        Complain(field, i,
                 absl::StrCat("\"", rule_.domains(i),
                              "\" is no host in lower case, such as "
                              "\"example.com\""));
      }
    }
    return domains;
  }

 private:
  static bool IsDomain(absl::string_view text) {
    return absl::StrContains(text, '.') && text.front() != '.' &&
           text.back() != '.' && !absl::StrContains(text, "..") &&
           std::all_of(text.begin(), text.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '.';
           });
  }

  std::string PlaceOf(const FieldDescriptor* field, int index) const {
    const TextFormat::ParseLocation place = places_.GetLocation(field, index);
    return Place(file_, place.line, place.column);
  }

  void Complain(const FieldDescriptor* field, int index,
                absl::string_view what) {
    errors_.push_back(
        absl::StrCat(PlaceOf(field, index), ": ", field->name(), ": ", what));
  }

  const std::string& file_;
  const v1::SiteRule& rule_;
  const TextFormat::ParseInfoTree& places_;
  std::vector<std::string>& errors_;
};

}  // namespace

CompiledRule ReadRuleFile(const RuleFile& file,
                          std::vector<std::string>* errors) {
  CompiledRule compiled;
  compiled.file = file.name;
  v1::SiteRule rule;
  TextFormat::ParseInfoTree places;
  Collector collector(file.name, errors);
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.WriteLocationsTo(&places);
  if (!parser.ParseFromString(file.text, &rule)) return compiled;
  Compiler compiler(file.name, rule, places, errors);
  compiled.domains = compiler.Domains();
  compiled.headline = compiler.Selectors(v1::SiteRule::kHeadlineFieldNumber);
  compiled.alternative_headline =
      compiler.Selectors(v1::SiteRule::kAlternativeHeadlineFieldNumber);
  compiled.authors = compiler.Selectors(v1::SiteRule::kAuthorsFieldNumber);
  compiled.publish_time =
      compiler.Selectors(v1::SiteRule::kPublishTimeFieldNumber);
  compiled.modified_time =
      compiler.Selectors(v1::SiteRule::kModifiedTimeFieldNumber);
  compiled.section = compiler.Selectors(v1::SiteRule::kSectionFieldNumber);
  compiled.body = compiler.Selectors(v1::SiteRule::kBodyFieldNumber);
  compiled.drop = compiler.Selectors(v1::SiteRule::kDropFieldNumber);
  return compiled;
}

}  // namespace dateline
