#include "parser/core/language.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cld2/public/compact_lang_det.h"
#include "cld2/public/encodings.h"
#include "parser/core/metadata.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr char kField[] = "language";
constexpr float kUnproved = 0.7F;

bool IsAlpha(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isalpha(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

std::string ModernCode(std::string code) {
  if (code == "iw") return "he";
  if (code == "in") return "id";
  if (code == "ji") return "yi";
  if (code == "jw") return "jv";
  if (code == "mo") return "ro";
  if (code == "no") return "nb";
  return code;
}

absl::string_view Primary(absl::string_view tag) {
  return tag.substr(0, tag.find('-'));
}

bool SameLanguage(absl::string_view a, absl::string_view b) {
  const absl::string_view x = Primary(a), y = Primary(b);
  if (x == y) return true;
  // CLD2 can't tell these apart in short texts.
  const auto is_norse = [](absl::string_view tag) {
    return tag == "nb" || tag == "nn" || tag == "no" || tag == "da";
  };
  const auto is_malay = [](absl::string_view tag) {
    return tag == "id" || tag == "ms";
  };
  const auto is_serbo = [](absl::string_view tag) {
    return tag == "hr" || tag == "sr" || tag == "bs" || tag == "sh";
  };
  return (is_norse(x) && is_norse(y)) || (is_malay(x) && is_malay(y)) ||
         (is_serbo(x) && is_serbo(y));
}

void Take(v1::EvidenceSource source, absl::string_view detail,
          absl::string_view value, EvidenceLog& log, v1::Article& article) {
  const std::string tag = CanonicalLanguage(value);
  if (tag.empty()) return;
  v1::Language& language = *article.mutable_language();
  if (language.tag().empty()) {
    language.set_tag(tag);
    language.set_confidence(kUnproved);
    log.Won(kField, source, detail, tag);
    return;
  }
  // A region refines what was said before.
  if (tag.size() > language.tag().size() &&
      absl::StartsWith(tag, language.tag()) &&
      source != v1::EVIDENCE_SOURCE_FEED) {
    language.set_tag(tag);
  }
  log.Lost(kField, source, detail, tag);
}

DetectedLanguage DetectIn(absl::string_view sample) {
  if (sample.size() < 20) return {};
  bool reliable = false;
  CLD2::Language languages[3];
  int percents[3];
  double scores[3];
  int text_bytes = 0;
  const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING,
                                CLD2::UNKNOWN_LANGUAGE};
  const CLD2::Language best = CLD2::ExtDetectLanguageSummary(
      sample.data(), static_cast<int>(sample.size()), /*is_plain_text=*/true,
      &hints, /*flags=*/0, languages, percents, scores, nullptr, &text_bytes,
      &reliable);
  if (best == CLD2::UNKNOWN_LANGUAGE) return {};
  DetectedLanguage detected;
  detected.tag = CanonicalLanguage(CLD2::LanguageCode(best));
  if (detected.tag == "zh-Hant" || detected.tag == "zh-TW") {
    detected.tag = "zh-Hant";
  }
  detected.confidence =
      static_cast<float>(percents[0]) / 100.0F * (reliable ? 1.0F : 0.6F);
  return detected;
}

}  // namespace

std::string CanonicalLanguage(absl::string_view tag) {
  tag = absl::StripAsciiWhitespace(tag);
  tag = tag.substr(0, tag.find_first_of(",; ."));
  std::string result;
  for (absl::string_view part :
       absl::StrSplit(tag, absl::ByAnyChar("-_"), absl::SkipEmpty())) {
    if (result.empty()) {
      if ((part.size() != 2 && part.size() != 3) || !IsAlpha(part)) return "";
      result = ModernCode(absl::AsciiStrToLower(part));
    } else if (part.size() == 4 && IsAlpha(part)) {
      absl::StrAppend(&result, "-", absl::AsciiStrToUpper(part.substr(0, 1)),
                      absl::AsciiStrToLower(part.substr(1)));
    } else if (part.size() == 2 && IsAlpha(part)) {
      absl::StrAppend(&result, "-", absl::AsciiStrToUpper(part));
      break;
    } else {
      break;
    }
  }
  return result == "und" || result == "mul" ? "" : result;
}

void ReadDeclaredLanguage(const MetadataInput& input, EvidenceLog& log,
                          v1::Article& article) {
  Node* const html = input.document.html();
  if (html != nullptr) {
    Take(v1::EVIDENCE_SOURCE_MARKUP, "html lang", Attribute(html, "lang"), log,
         article);
    Take(v1::EVIDENCE_SOURCE_MARKUP, "html xml:lang",
         Attribute(html, "xml:lang"), log, article);
  }
  Take(v1::EVIDENCE_SOURCE_JSON_LD, "inLanguage", input.json_ld.in_language,
       log, article);
  for (const char* name : {"og:locale", "content-language", "language",
                           "dc.language", "dcterms.language"}) {
    Take(v1::EVIDENCE_SOURCE_META, name, input.scan.Meta(name), log, article);
  }
  for (const v1::HttpHeader& header : input.page.headers()) {
    if (absl::EqualsIgnoreCase(header.name(), "content-language")) {
      Take(v1::EVIDENCE_SOURCE_HTTP, "content-language", header.value(), log,
           article);
    }
  }
  Take(v1::EVIDENCE_SOURCE_FEED, "language", input.page.hints().language(), log,
       article);
}

DetectedLanguage DetectLanguage(absl::string_view text) {
  constexpr size_t kMostBytes = 2048;
  return DetectIn(TruncateUtf8(text, kMostBytes));
}

std::string DateLanguage(const v1::Article& article,
                         absl::string_view country) {
  const std::string& tag = article.language().tag();
  if ((tag != "en" && !tag.empty()) || country.empty() || country == "US") {
    return tag;
  }
  return absl::StrCat(tag.empty() ? "xx" : "en", "-", country);
}

namespace {

// The text's language. A beginning that proves what was declared will do:
// looking at more costs a tenth of the whole extraction.
DetectedLanguage Confirm(absl::string_view text, absl::string_view declared) {
  constexpr size_t kBeginning = 600;
  constexpr float kSure = 0.9F;
  if (!declared.empty() && text.size() > 2 * kBeginning) {
    DetectedLanguage detected = DetectIn(TruncateUtf8(text, kBeginning));
    if (detected.confidence >= kSure && SameLanguage(declared, detected.tag)) {
      return detected;
    }
  }
  return DetectLanguage(text);
}

}  // namespace

void RefineLanguage(absl::string_view text, bool explain,
                    v1::Article& article) {
  v1::Language& language = *article.mutable_language();
  const DetectedLanguage detected = Confirm(text, language.tag());
  if (detected.tag.empty()) return;
  EvidenceLog log(explain, article);
  constexpr auto kSource = v1::EVIDENCE_SOURCE_DETECTION;
  if (language.tag().empty()) {
    language.set_tag(detected.tag);
    language.set_confidence(detected.confidence);
    return log.Won(kField, kSource, "CLD2", detected.tag);
  }
  if (SameLanguage(language.tag(), detected.tag)) {
    language.set_confidence(1);
    return log.Lost(kField, kSource, "CLD2", detected.tag);
  }
  // The text knows better, unless there is little of it.
  if (detected.confidence < 0.8F || text.size() < 200) {
    language.set_confidence(0.5F);
    return log.Lost(kField, kSource, "CLD2", detected.tag);
  }
  for (v1::Evidence& entry : *article.mutable_evidence()) {
    if (entry.field() == kField) entry.set_chosen(false);
  }
  language.set_tag(detected.tag);
  language.set_confidence(detected.confidence);
  log.Won(kField, kSource, "CLD2", detected.tag);
}

}  // namespace dateline
