#include "parser/core/live_words.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace dateline {
namespace {

constexpr const char* kInUrl[] = {
    "liveblog",        "live-blog",        "live_blog",
    "liveticker",      "live-ticker",      "live-updates",
    "live-update",     "newsticker",       "newsblog",
    "minuto-a-minuto", "minute-by-minute", "minute-par-minute",
    "-en-direct",      "en-direct-",       "-en-vivo",
    "-ao-vivo",        "ao-minuto",        "-in-diretta",
    "diretta-live",    "canli-blog",       "canli-anlatim",
    "relacja-na-zywo", "na-zywo",          "livebericht",
    "liverapport",     "/live/",           "onlayn-translyatsiya"};

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
                                       "en vivo",
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
                                       "مباشر",
                                       "لحظة بلحظة",
                                       "लाइव अपडेट",
                                       "लाइव:",
                                       "live επικαιρότητα",
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

}  // namespace

bool NamesLiveBlog(absl::string_view url, absl::string_view headline) {
  const std::string address =
      absl::AsciiStrToLower(url.substr(0, url.find_first_of("?#")));
  for (const char* word : kInUrl) {
    if (absl::StrContains(address, word)) return true;
  }
  const std::string title = absl::AsciiStrToLower(headline.substr(0, 400));
  for (const char* word : kInHeadline) {
    if (absl::StrContains(title, word)) return true;
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
