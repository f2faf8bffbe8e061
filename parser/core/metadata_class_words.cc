#include "parser/core/metadata_class_words.h"

#include <array>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"

namespace dateline {
namespace {

// "|" is where a word begins or ends.
constexpr std::pair<absl::string_view, uint32_t> kWords[] = {
    {"|date|", kDateWord},
    {"date|", kDateWord},
    {"|date", kDateWord},
    {"datetime", kDateWord},
    {"datum", kDateWord},
    {"|fecha", kDateWord},
    {"|time|", kDateWord},
    {"|time", kDateWord},
    {"timestamp", kDateWord},
    {"|tarih", kDateWord},
    {"|data|", kDateWord},
    {"publish", kDateWord},
    {"pubdate", kDateWord},
    {"pubtime", kDateWord},
    {"posted", kDateWord},
    {"publicat", kDateWord},
    {"publikat", kDateWord},
    {"|created", kDateWord},
    {"|updated", kModifiedWord | kDateWord},
    {"|modified", kModifiedWord | kDateWord},
    {"|lastmod", kModifiedWord | kDateWord},
    {"|update|", kModifiedWord},
    {"byline", kBylineWord},
    {"|author", kBylineWord},
    {"author|", kBylineWord},
    {"|authors", kBylineWord},
    {"|autor", kBylineWord},
    {"autor|", kBylineWord},
    {"auteur", kBylineWord},
    {"|writer", kBylineWord},
    {"verfasser", kBylineWord},
    {"redakteur", kBylineWord},
    {"journalist", kBylineWord},
    {"|reporter", kBylineWord},
    {"|yazar", kBylineWord},
    {"|penulis", kBylineWord},
    {"|forfatter", kBylineWord},
    {"|signature", kBylineWord},
    {"|firma|", kBylineWord},
    {"contributor", kBylineWord},
    {"postedby", kBylineWord},
    {"|submitted", kBylineWord},
    {"|username|", kBylineWord | kNameWord},
    {"|posted|by", kBylineWord},
    {"authorname", kNameWord | kBylineWord},
    {"author|name", kNameWord | kBylineWord},
    {"authors|name", kNameWord | kBylineWord},
    {"byline|name", kNameWord | kBylineWord},
    {"autor|name", kNameWord | kBylineWord},
    {"author|link", kNameWord | kBylineWord},
    {"author|bio", kAboutWord},
    {"author|desc", kAboutWord},
    {"author|info", kAboutWord},
    {"author|box", kAboutWord},
    {"authorbox", kAboutWord},
    {"author|about", kAboutWord},
    {"about|author", kAboutWord},
    {"author|image", kAboutWord},
    {"author|avatar", kAboutWord},
    {"author|social", kAboutWord},
    {"author|role", kAboutWord},
    {"author|title", kAboutWord},
    {"author|job", kAboutWord},
    {"|tag|", kTagWord},
    {"|tags", kTagWord},
    {"|taglist", kTagWord},
    {"|tagcloud", kElsewhereWord},
    {"|topic", kTagWord},
    {"keyword", kTagWord},
    {"schlagw", kTagWord},
    {"stichw", kTagWord},
    {"etiquet", kTagWord},
    {"|tagged", kTagWord},
    {"headline", kHeadlineWord},
    {"|title", kHeadlineWord},
    {"title|", kHeadlineWord},
    {"|titre", kHeadlineWord},
    {"|titulo", kHeadlineWord},
    {"|titel", kHeadlineWord},
    {"kicker", kKickerWord},
    {"overline", kKickerWord},
    {"dachzeile", kKickerWord},
    {"topline", kKickerWord},
    {"spitzmarke", kKickerWord},
    {"eyebrow", kKickerWord},
    {"surtitre", kKickerWord},
    {"antetitulo", kKickerWord},
    {"pretitle", kKickerWord},
    {"supertitle", kKickerWord},
    {"comment", kElsewhereWord},
    {"kommentare", kElsewhereWord},
    {"respond", kElsewhereWord},
    {"related", kElsewhereWord},
    {"sidebar", kElsewhereWord},
    {"footer", kFooterWord},
    {"post|footer", kOwnFooterWord},
    {"entry|footer", kOwnFooterWord},
    {"article|footer", kOwnFooterWord},
    {"content|footer", kOwnFooterWord},
    {"story|footer", kOwnFooterWord},
    {"widget|area", kElsewhereWord},
    {"widget|recent", kElsewhereWord},
    {"textwidget", kElsewhereWord},
    {"recommend", kElsewhereWord},
    {"teaser", kElsewhereWord},
    {"newsletter", kElsewhereWord},
    {"|popular", kElsewhereWord},
    {"mostread", kElsewhereWord},
    {"most|read", kElsewhereWord},
    {"trending", kElsewhereWord},
    {"|nav|", kElsewhereWord},
    {"navigation", kElsewhereWord},
    {"|menu", kElsewhereWord},
    {"|carousel", kElsewhereWord},
    {"latest|", kElsewhereWord},
    {"read|more", kElsewhereWord},
    {"readmore", kElsewhereWord},
    {"weitere", kElsewhereWord},
    {"more|news", kElsewhereWord},
    {"also|read", kElsewhereWord},
    {"outbrain", kElsewhereWord},
    {"taboola", kElsewhereWord},
    {"|modal", kElsewhereWord},
    {"|wm|ipp", kElsewhereWord},
    {"cookie", kElsewhereWord},
    {"subtitle", kDeckWord},
    {"subheadline", kDeckWord},
    {"standfirst", kDeckWord},
    {"|deck", kDeckWord},
    {"|dek|", kDeckWord},
    {"|lead|", kDeckWord},
    {"|lede", kDeckWord},
    {"|chapo", kDeckWord},
    {"vorspann", kDeckWord},
    {"|intro", kDeckWord},
    {"paywall", kPaywallWord},
    {"|piano", kPaywallWord},
    {"subscriber|only", kPaywallWord},
    {"photographer", kPhotoWord},
    {"|credit", kPhotoWord},
    {"caption", kPhotoWord},
    {"copyright", kPhotoWord},
    {"image|source", kPhotoWord},
    {"|photo|", kPhotoWord},
    {"|foto|", kPhotoWord},
    {"breadcrumb", kSectionWord},
};

// Letters, "|" and digits; a power of two, so that a state is a cache line.
constexpr size_t kSymbols = 32;

uint8_t SymbolOf(char c) {
  if (absl::ascii_isalpha(static_cast<unsigned char>(c))) {
    return static_cast<uint8_t>(
        absl::ascii_tolower(static_cast<unsigned char>(c)) - 'a' + 1);
  }
  return absl::ascii_isdigit(static_cast<unsigned char>(c)) ? 27 : 0;
}

// Finds all words at once (Aho and Corasick, 1975).
class Automaton {
 public:
  Automaton() {
    states_.emplace_back();
    for (const auto& [word, bits] : kWords) Insert(word, bits);
    Link();
    Flatten();
    for (size_t c = 0; c < 256; ++c) {
      const auto byte = static_cast<unsigned char>(c);
      symbols_[c] = SymbolOf(static_cast<char>(c));
      if (absl::ascii_isupper(byte)) symbols_[c] |= kUpper;
      if (absl::ascii_islower(byte)) symbols_[c] |= kLower;
    }
  }

  uint32_t Find(absl::string_view text) const {
    uint32_t bits = 0;
    uint32_t at = moves_[0];
    bool after_lower = false;
    bool after_gap = true;
    const auto move = [&](uint8_t symbol) {
      at = moves_[(at & kState) + symbol];
      if ((at & kSays) != 0) bits |= states_[(at & kState) / kSymbols].bits;
    };
    for (const char c : text) {
      const uint8_t entry = symbols_[static_cast<unsigned char>(c)];
      const uint8_t symbol = entry & (kSymbols - 1);
      if (symbol == 0) {
        if (after_gap) continue;
        after_gap = true;
        after_lower = false;
        move(0);
        continue;
      }
      after_gap = false;
      if ((entry & kUpper) != 0 && after_lower) move(0);
      after_lower = (entry & kLower) != 0;
      move(symbol);
    }
    move(0);
    return bits;
  }

 private:
  static constexpr uint8_t kUpper = 0x80;
  static constexpr uint8_t kLower = 0x40;
  // A move: where the next state's moves begin, and whether it has bits.
  static constexpr uint32_t kSays = 1u << 31;
  static constexpr uint32_t kState = kSays - 1;

  struct State {
    std::array<uint16_t, kSymbols> next = {};
    uint32_t bits = 0;
    uint16_t fallback = 0;
  };

  void Flatten() {
    for (const State& state : states_) {
      for (const uint16_t next : state.next) {
        const uint32_t says = states_[next].bits != 0 ? kSays : 0;
        moves_.push_back(static_cast<uint32_t>(next * kSymbols) | says);
      }
    }
  }

  void Insert(absl::string_view word, uint32_t bits) {
    uint16_t state = 0;
    for (const char c : word) {
      const uint8_t symbol = SymbolOf(c);
      if (states_[state].next[symbol] == 0) {
        states_[state].next[symbol] = static_cast<uint16_t>(states_.size());
        states_.emplace_back();
      }
      state = states_[state].next[symbol];
    }
    states_[state].bits |= bits;
  }

  void Link() {
    std::deque<uint16_t> open;
    for (const uint16_t child : states_[0].next) {
      if (child != 0) open.push_back(child);
    }
    while (!open.empty()) {
      const uint16_t state = open.front();
      open.pop_front();
      const State& fallback = states_[states_[state].fallback];
      states_[state].bits |= fallback.bits;
      for (size_t symbol = 0; symbol < kSymbols; ++symbol) {
        uint16_t& child = states_[state].next[symbol];
        if (child == 0) {
          child = fallback.next[symbol];
        } else {
          states_[child].fallback = fallback.next[symbol];
          open.push_back(child);
        }
      }
    }
  }

  std::vector<State> states_;
  std::vector<uint32_t> moves_;  // of state i from i * kSymbols on
  std::array<uint8_t, 256> symbols_;
};

}  // namespace

uint32_t ClassWords(absl::string_view text) {
  static const auto* const kAutomaton = new Automaton();
  return text.empty() ? 0 : kAutomaton->Find(text);
}

}  // namespace dateline
