#include "tests/benchmark/store_articles.h"

#include <array>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "parser/core/signature.h"
#include "store/core/indexed_text.h"

namespace dateline::benchmark {
namespace {

constexpr int kWords = 200'000;  // of a language
constexpr int kNames = 5'000;    // people and places, of two words each
constexpr int kPublishers = 300;
constexpr int kAuthors = 3'000;
constexpr int kKeywords = 800;
constexpr int kTextBytes = 3'000;
// Copies are of one of so many articles before.
constexpr int64_t kCopyWithin = 2'000;
constexpr int64_t kLastPublished = 1'790'000'000;  // seconds
constexpr int64_t kSpanSeconds = int64_t{90} * 86'400;

// SplitMix64.
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  int Below(int bound) {
    return static_cast<int>(Next() % static_cast<uint64_t>(bound));
  }
  // 0 to count - 1; number n comes about 1 / (n + 1) times as often as 0.
  int Zipf(int count) {
    const double uniform = static_cast<double>(Next() >> 11) * 0x1p-53;
    return static_cast<int>(std::exp(uniform * std::log(count + 1.0))) - 1;
  }

 private:
  uint64_t state_;
};

struct LanguageOf {
  const char* tag;
  int weight;
  std::array<const char*, 6> vowels;
};

constexpr std::array<LanguageOf, 6> kLanguages = {{
    {"en", 60, {"a", "e", "i", "o", "u", "ea"}},
    {"es", 14, {"a", "e", "i", "o", "ó", "ía"}},
    {"de", 9, {"a", "e", "i", "ö", "ü", "ei"}},
    {"fr", 7, {"a", "é", "i", "o", "ou", "è"}},
    {"pt", 5, {"a", "e", "i", "ã", "ç", "õe"}},
    {"zh", 5, {}},
}};
constexpr size_t kChinese = 5;
constexpr std::array<const char*, 10> kConsonants = {"b", "d",  "g", "k",  "l",
                                                     "m", "st", "n", "tr", "s"};

size_t ChooseLanguage(Random& random) {
  int at = random.Below(100);
  size_t language = 0;
  while (at >= kLanguages[language].weight) at -= kLanguages[language++].weight;
  return language;
}

std::string ChineseLetter(int rank) {
  const int letter = 0x4E00 + rank % 4'000;
  std::string utf8;
  utf8.push_back(static_cast<char>(0xE0 | (letter >> 12)));
  utf8.push_back(static_cast<char>(0x80 | ((letter >> 6) & 0x3F)));
  utf8.push_back(static_cast<char>(0x80 | (letter & 0x3F)));
  return utf8;
}

// The words of a language by frequency: shorter ones come first.
std::string Word(size_t language, int rank) {
  if (language == kChinese) return ChineseLetter(rank);
  constexpr int kSyllables = 60;
  std::string word;
  for (int rest = rank + 1; rest > 0; rest = (rest - 1) / kSyllables) {
    const auto syllable = static_cast<size_t>((rest - 1) % kSyllables);
    absl::StrAppend(&word, kConsonants[syllable / 6],
                    kLanguages[language].vowels[syllable % 6]);
  }
  return word;
}

std::string Capitalized(std::string word) {
  if (word[0] >= 'a' && word[0] <= 'z') {
    word[0] = static_cast<char>(word[0] - 'a' + 'A');
  }
  return word;
}

// Its words are no others'.
std::string Name(int number) {
  const size_t english = 0;
  return absl::StrCat(Capitalized(Word(english, 20'000 + number)), "x ",
                      Capitalized(Word(english, 30'000 + number % 900)), "q");
}

std::string Sentences(Random& random, size_t language, int bytes,
                      const std::vector<std::string>& names) {
  const char* const space = language == kChinese ? "" : " ";
  std::string text;
  while (static_cast<int>(text.size()) < bytes) {
    const int words = 8 + random.Below(20);
    for (int i = 0; i < words; ++i) {
      std::string word = Word(language, random.Zipf(kWords));
      if (i == 0) word = Capitalized(std::move(word));
      if (random.Below(40) == 0) {
        word = names[static_cast<size_t>(
            random.Below(static_cast<int>(names.size())))];
      }
      absl::StrAppend(&text, text.empty() || i == 0 ? "" : space, word);
    }
    text += language == kChinese ? "。" : ". ";
  }
  return text;
}

// What copies of one story share.
void FillText(Random random, v1::Article& article) {
  const size_t language = ChooseLanguage(random);
  article.mutable_language()->set_tag(kLanguages[language].tag);
  article.mutable_language()->set_confidence(1);
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) names.push_back(Name(random.Zipf(kNames)));
  article.set_headline(Sentences(random, language, 50, names));
  article.set_alternative_headline(Sentences(random, language, 90, names));
  article.set_description(Sentences(random, language, 150, names));
  const int paragraphs = 6 + random.Below(9);
  for (int i = 0; i < paragraphs; ++i) {
    if (i == paragraphs / 2) {
      article.add_body()->mutable_heading()->set_text(
          Sentences(random, language, 20, names));
    }
    article.add_body()->mutable_paragraph()->set_text(
        Sentences(random, language, kTextBytes / paragraphs, names));
  }
  article.set_section(absl::StrCat("Section ", random.Zipf(20)));
  for (int i = 0; i < 5; ++i) {
    article.add_keywords(absl::StrCat(
        "keyword ", i * kKeywords / 5 + random.Zipf(kKeywords / 5)));
  }
}

void FillTimes(Random& random, v1::Article& article) {
  const int64_t published =
      kLastPublished - static_cast<int64_t>(random.Below(kSpanSeconds));
  article.mutable_publish_time()->mutable_time()->set_seconds(published);
  article.mutable_publish_time()->set_precision(v1::TIME_PRECISION_SECOND);
  article.mutable_publish_time()->set_offset_known(true);
  const int64_t fetched = published + 30 + random.Below(900);
  article.mutable_fetch_time()->set_seconds(fetched);
  article.mutable_parse_time()->set_seconds(fetched + 1);
  article.set_version(fetched * 1'000);
}

void FillPublisher(Random& random, v1::Article& article) {
  const int publisher = random.Zipf(kPublishers);
  const std::string domain = absl::StrCat("paper", publisher, ".example");
  article.mutable_publisher()->set_name(absl::StrCat("Paper ", publisher));
  article.mutable_publisher()->set_domain(domain);
  article.set_url(absl::StrCat("https://www.", domain, "/news/",
                               absl::Hex(random.Next()), ".html"));
  article.set_canonical_url(article.url());
  article.set_requested_url(article.url());
  article.add_authors()->set_name(
      absl::StrCat("Author ", random.Zipf(kAuthors)));
  v1::Image* image = article.add_images();
  image->set_url(absl::StrCat("https://img.", domain, "/",
                              absl::Hex(random.Next()), ".jpg"));
  image->set_caption("A picture of what the article tells.");
  image->set_is_lead(true);
}

void FillEvidence(v1::Article& article) {
  for (const char* field : {"headline", "authors", "publish_time", "section",
                            "description", "language", "keywords"}) {
    v1::Evidence* evidence = article.add_evidence();
    evidence->set_field(field);
    evidence->set_source(v1::EVIDENCE_SOURCE_JSON_LD);
    evidence->set_detail(absl::StrCat("NewsArticle.", field));
    evidence->set_chosen(true);
  }
}

}  // namespace

v1::Article MakeArticle(uint64_t seed, int64_t number) {
  Random random(seed * 1'000'003 + static_cast<uint64_t>(number));
  int64_t story = number;
  const bool copy = random.Below(10) == 0 && number > 0;
  if (copy) {
    const auto back = static_cast<int64_t>(random.Next() % kCopyWithin);
    story = std::max<int64_t>(0, number - 1 - back);
  }
  v1::Article article;
  FillText(Random(seed * 7'919 + static_cast<uint64_t>(story)), article);
  if (copy) {
    v1::Paragraph* first = article.mutable_body(0)->mutable_paragraph();
    first->set_text(
        absl::StrCat("Copy ", random.Below(50), ". ", first->text()));
  }
  article.set_uid(absl::StrFormat("%016x%016x", random.Next(), random.Next()));
  FillTimes(random, article);
  FillPublisher(random, article);
  FillEvidence(article);
  article.set_access(v1::ACCESS_FREE);
  article.set_article_type(random.Below(8) == 0 ? v1::ARTICLE_TYPE_OPINION
                                                : v1::ARTICLE_TYPE_NEWS);
  article.set_content_sha256(ContentSha256(article));
  for (const uint32_t value : MinHash(store::PlainText(article))) {
    article.add_minhash(value);
  }
  article.mutable_provenance()->set_topic("dateline.pages");
  article.mutable_provenance()->set_offset(number);
  article.mutable_provenance()->set_status(200);
  article.mutable_provenance()->set_charset("UTF-8");
  return article;
}

std::string MakeQuery(const std::string& kind, int64_t number) {
  const size_t english = 0;
  const auto at = static_cast<int>(number);
  if (kind == "common") return Word(english, at % 3);
  if (kind == "phrase") return Name(at % 200);
  return Word(english, 100'000 + at % 50'000);
}

}  // namespace dateline::benchmark
