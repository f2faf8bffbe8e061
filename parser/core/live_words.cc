#include "parser/core/live_words.h"

#include <unicode/uchar.h>

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr const char* kInUrl[] = {
    "liveblog",        "live-blog",        "live_blog",
    "liveticker",      "live-ticker",      "live-updates",
    "live-update",     "newsticker",       "newsblog",
    "minuto-a-minuto", "minute-by-minute", "minute-par-minute",
    "-en-direct",      "en-direct-",       "/en-vivo-",
    "-ao-vivo",        "ao-minuto",        "-in-diretta",
    "diretta-live",    "canli-blog",       "canli-anlatim",
    "relacja-na-zywo", "na-zywo",          "livebericht",
    "liverapport",     "/live/",           "onlayn-translyatsiya",
    "/en-vivo/"};

// At the end of a part of the path.
constexpr const char* kAtPartsEnd[] = {"-en-vivo"};

constexpr const char* kInHeadline[] = {"liveblog",
                                       "live blog",
                                       "live-blog",
                                       "liveticker",
                                       "live-ticker",
                                       "live ticker",
                                       "live updates",
                                       "live:",
                                       "live -",
                                       "live –",
                                       "+++",
                                       "newsblog",
                                       "newsticker",
                                       "as it happened",
                                       "minute by minute",
                                       "en direct",
                                       "minute par minute",
                                       "en vivo:",
                                       "en vivo |",
                                       "en vivo -",
                                       "en vivo –",
                                       ", en vivo",
                                       "minuto a minuto",
                                       "ao vivo",
                                       "ao minuto",
                                       "in diretta",
                                       "diretta live",
                                       "liverapport",
                                       "direkte:",
                                       "senaste nytt:",
                                       "na żywo",
                                       "relacja live",
                                       "canlı anlatım",
                                       "canlı blog",
                                       "canli anlatim",
                                       "canli blog",
                                       "онлайн-трансляция",
                                       "онлайн:",
                                       "хроника",
                                       "прямой эфир",
                                       "live блог",
                                       "直播",
                                       "实时更新",
                                       "即時更新",
                                       "速報中",
                                       "ライブブログ",
                                       "실시간",
                                       "مباشر:",
                                       "مباشر |",
                                       "بث مباشر",
                                       "تغطية مباشرة",
                                       "لحظة بلحظة",
                                       "लाइव अपडेट",
                                       "लाइव:",
                                       "live επικαιρότητα",
                                       "live επικαιροτητα",
                                       "živě:",
                                       "élőben"};

constexpr const char* kReplies[] = {"reply",
                                    "antworten",
                                    "répondre",
                                    "responder",
                                    "rispondi",
                                    "reageer",
                                    "beantwoorden",
                                    "svar",
                                    "svara",
                                    "odpowiedz",
                                    "yanıtla",
                                    "ответить",
                                    "відповісти",
                                    "返信",
                                    "回复",
                                    "回覆",
                                    "답글",
                                    "رد",
                                    "report",
                                    "melden",
                                    "signaler",
                                    "denunciar",
                                    "segnala",
                                    "report comment",
                                    "antwort schreiben"};

// Whether two neighbours are letters of one word. In scripts from Devanagari on
// words are written together, or carry signs and endings.
bool Join(uint32_t a, uint32_t b) {
  constexpr uint32_t kDevanagari = 0x0900;
  return a < kDevanagari && b < kDevanagari &&
         u_isalpha(static_cast<UChar32>(a)) &&
         u_isalpha(static_cast<UChar32>(b));
}

// The last code point of `text`, which isn't empty.
uint32_t LastCodePoint(absl::string_view text) {
  size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return NextCodePoint(text, &at);
}

uint32_t FirstCodePoint(absl::string_view text) {
  size_t at = 0;
  return NextCodePoint(text, &at);
}

// Whether `word` stands in `text`, and not as a part of longer words.
bool HasWord(absl::string_view text, absl::string_view word) {
  for (size_t at = text.find(word); at != absl::string_view::npos;
       at = text.find(word, at + 1)) {
    const absl::string_view before = text.substr(0, at);
    const absl::string_view behind = text.substr(at + word.size());
    const bool begins =
        before.empty() || !Join(LastCodePoint(before), FirstCodePoint(word));
    const bool ends =
        behind.empty() || !Join(LastCodePoint(word), FirstCodePoint(behind));
    if (begins && ends) return true;
  }
  return false;
}

bool EndsPart(absl::string_view address, absl::string_view word) {
  for (size_t at = address.find(word); at != absl::string_view::npos;
       at = address.find(word, at + 1)) {
    const absl::string_view behind = address.substr(at + word.size());
    if (behind.empty() || absl::StrContains("/._", behind[0])) return true;
  }
  return false;
}

}  // namespace

bool NamesLiveBlog(absl::string_view url, absl::string_view headline) {
  const std::string address =
      absl::AsciiStrToLower(url.substr(0, url.find_first_of("?#")));
  for (const char* word : kInUrl) {
    if (absl::StrContains(address, word)) return true;
  }
  for (const char* word : kAtPartsEnd) {
    if (EndsPart(address, word)) return true;
  }
  const std::string title = ToLower(TruncateUtf8(headline, 400));
  for (const char* word : kInHeadline) {
    if (HasWord(title, word)) return true;
  }
  return false;
}

bool IsReplyTool(absl::string_view normalized) {
  if (normalized.size() > 40) return false;
  for (const char* word : kReplies) {
    if (normalized == word) return true;
  }
  return false;
}

}  // namespace dateline
