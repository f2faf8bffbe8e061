#include "parser/core/class_words.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/bits.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace dateline {
namespace {

using Table = absl::flat_hash_map<absl::string_view, Hints>;

// Single words. Words of other languages stand beside English ones.
const Table& Words() {
  static const auto* const table = new Table{
      {"articlebody", kHintBody},
      {"storybody", kHintBody},
      {"postbody", kHintBody},
      {"entrycontent", kHintBody},
      {"postcontent", kHintBody},
      {"articlecontent", kHintBody},
      {"storycontent", kHintBody},
      {"articletext", kHintBody},
      {"storytext", kHintBody},
      {"newstext", kHintBody},
      {"bodytext", kHintBody},
      {"textbody", kHintBody},
      {"bodycopy", kHintBody},
      {"richtext", kHintArticle},
      {"liveblog", kHintLiveBlog},
      {"liveticker", kHintLiveBlog},
      {"livefeed", kHintLiveBlog},
      {"liveupdates", kHintLiveBlog},
      {"newsticker", kHintLiveBlog},
      {"newsblog", kHintLiveBlog},
      {"minutoaminuto", kHintLiveBlog},
      {"livebericht", kHintLiveBlog},
      {"liverapport", kHintLiveBlog},
      {"liveuppdatering", kHintLiveBlog},
      {"fulltext", kHintBody},
      {"bodycontent", kHintBody},
      {"contentbody", kHintBody},
      {"newsbody", kHintBody},
      {"newscontent", kHintBody},
      {"blogcontent", kHintBody},
      {"posttext", kHintBody},
      {"entrytext", kHintBody},
      {"entrybody", kHintBody},
      {"articlearea", kHintArticle},
      {"artikeltext", kHintBody},
      {"artikelbody", kHintBody},
      {"artikelinhalt", kHintBody},
      {"articolo", kHintArticle},
      {"article", kHintArticle},
      {"artikel", kHintArticle},
      {"articulo", kHintArticle},
      {"noticia", kHintArticle},
      {"nota", kHintArticle},
      {"story", kHintArticle},
      {"post", kHintArticle},
      {"entry", kHintArticle},
      {"content", kHintArticle},
      {"main", kHintArticle},
      {"text", kHintArticle},
      {"body", kHintArticle},
      {"inhalt", kHintArticle},
      {"contenu", kHintArticle},
      {"contenido", kHintArticle},
      {"corpo", kHintArticle},
      {"cuerpo", kHintArticle},
      {"comment", kHintComments},
      {"comments", kHintComments},
      {"commentlist", kHintComments},
      {"commentaires", kHintComments},
      {"comentarios", kHintComments},
      {"comentario", kHintComments},
      {"kommentar", kHintComments},
      {"kommentare", kHintComments},
      {"kommentarer", kHintComments},
      {"commenti", kHintComments},
      {"reacties", kHintComments},
      {"komentarze", kHintComments},
      {"disqus", kHintComments},
      {"respond", kHintComments},
      {"commentform", kHintComments},
      {"trackbacks", kHintComments},
      {"pingbacks", kHintComments},
      {"replies", kHintComments},
      {"related", kHintRelated},
      {"relateds", kHintRelated},
      {"relatedposts", kHintRelated},
      {"relatedlinks", kHintRelated},
      {"relatedarticles", kHintRelated},
      {"relatedcontent", kHintRelated},
      {"relacionadas", kHintRelated},
      {"relacionados", kHintRelated},
      {"relacionado", kHintRelated},
      {"jp-relatedposts", kHintRelated},
      {"yarpp", kHintRelated},
      {"crp", kHintRelated},
      {"recommended", kHintRelated},
      {"recommendation", kHintRelated},
      {"recommendations", kHintRelated},
      {"recommend", kHintRelated},
      {"recirc", kHintRelated},
      {"recirculation", kHintRelated},
      {"readmore", kHintRelated},
      {"readnext", kHintRelated},
      {"readalso", kHintRelated},
      {"alsoread", kHintRelated},
      {"mostread", kHintRelated},
      {"mostpopular", kHintRelated},
      {"popular", kHintRelated},
      {"trending", kHintRelated},
      {"topstories", kHintRelated},
      {"morestories", kHintRelated},
      {"morenews", kHintRelated},
      {"upnext", kHintRelated},
      {"nextpost", kHintRelated},
      {"nextarticle", kHintRelated},
      {"similar", kHintRelated},
      {"suggested", kHintRelated},
      {"suggestions", kHintRelated},
      {"onward", kHintRelated},
      {"seealso", kHintRelated},
      {"weiterlesen", kHintRelated},
      {"mehrzumthema", kHintRelated},
      {"verwandte", kHintRelated},
      {"linkliste", kHintRelated},
      {"linklist", kHintRelated},
      {"leggi", kHintRelated},
      {"correlati", kHintRelated},
      {"correlate", kHintRelated},
      {"mustread", kHintRelated},
      {"teaser", kHintWeakTeaser},
      {"teasers", kHintRelated},
      {"card", kHintWeakTeaser},
      {"cards", kHintWeakTeaser},
      {"carousel", kHintWeakTeaser},
      {"slider", kHintWeakTeaser},
      {"widget", kHintWeakTeaser},
      {"widgets", kHintSidebar},
      {"nav", kHintNavigation},
      {"navi", kHintNavigation},
      {"navbar", kHintNavigation},
      {"navigation", kHintNavigation},
      {"menu", kHintNavigation},
      {"submenu", kHintNavigation},
      {"breadcrumb", kHintNavigation},
      {"breadcrumbs", kHintNavigation},
      {"pagination", kHintNavigation},
      {"pager", kHintNavigation},
      {"pagenav", kHintNavigation},
      {"skip", kHintNavigation},
      {"skiplink", kHintNavigation},
      {"toc", kHintNavigation},
      {"tableofcontents", kHintNavigation},
      {"toolbar", kHintShare},
      {"tools", kHintShare},
      {"share", kHintShare},
      {"sharing", kHintShare},
      {"sharedaddy", kHintShare},
      {"sharebar", kHintShare},
      {"sharetools", kHintShare},
      {"addtoany", kHintShare},
      {"addthis", kHintShare},
      {"shariff", kHintShare},
      {"social", kHintShare},
      {"socials", kHintShare},
      {"socialmedia", kHintShare},
      {"facebook", kHintShare},
      {"teilen", kHintShare},
      {"partage", kHintShare},
      {"compartir", kHintShare},
      {"newsletter", kHintPromotion},
      {"newsletters", kHintPromotion},
      {"subscribe", kHintPromotion},
      {"subscription", kHintPromotion},
      {"signup", kHintPromotion},
      {"mailchimp", kHintPromotion},
      {"promo", kHintPromotion},
      {"promos", kHintPromotion},
      {"promotion", kHintPromotion},
      {"cta", kHintPromotion},
      {"donate", kHintPromotion},
      {"donation", kHintPromotion},
      {"appeal", kHintPromotion},
      {"abo", kHintPromotion},
      {"marketing", kHintPromotion},
      {"ad", kHintAdvert},
      {"ads", kHintAdvert},
      {"adv", kHintAdvert},
      {"advert", kHintAdvert},
      {"advertisement", kHintAdvert},
      {"advertising", kHintAdvert},
      {"adslot", kHintAdvert},
      {"adsense", kHintAdvert},
      {"anzeige", kHintAdvert},
      {"werbung", kHintAdvert},
      {"publicidad", kHintAdvert},
      {"publicite", kHintAdvert},
      {"pubblicita", kHintAdvert},
      {"reklama", kHintAdvert},
      {"sponsor", kHintAdvert},
      {"sponsors", kHintAdvert},
      {"sponsored", kHintAdvert},
      {"outbrain", kHintAdvert},
      {"taboola", kHintAdvert},
      {"plista", kHintAdvert},
      {"banner", kHintAdvert},
      {"affiliate", kHintAdvert},
      {"affiliates", kHintAdvert},
      {"byline", kHintMeta},
      {"bylines", kHintMeta},
      {"dateline", kHintMeta},
      {"timestamp", kHintMeta},
      {"datetime", kHintMeta},
      {"date", kHintMeta},
      {"pubdate", kHintMeta},
      {"publishdate", kHintMeta},
      {"published", kHintMeta},
      {"meta", kHintMeta},
      {"metadata", kHintMeta},
      {"postmeta", kHintMeta},
      {"entrymeta", kHintMeta},
      {"postmetadata", kHintMeta},
      {"tags", kHintMeta},
      {"tagcloud", kHintMeta},
      {"taglist", kHintMeta},
      {"tagged", kHintMeta},
      {"keywords", kHintMeta},
      {"topics", kHintMeta},
      {"categories", kHintMeta},
      {"kicker", kHintMeta},
      {"author", kHintMeta},
      {"authors", kHintMeta},
      {"autor", kHintMeta},
      {"auteur", kHintMeta},
      {"autore", kHintMeta},
      {"autores", kHintMeta},
      {"readtime", kHintMeta},
      {"readingtime", kHintMeta},
      {"rating", kHintMeta},
      {"ratings", kHintMeta},
      {"votes", kHintMeta},
      {"counter", kHintMeta},
      {"views", kHintMeta},
      {"copyright", kHintMeta},
      {"bio", kHintBio},
      {"biography", kHintBio},
      {"aboutauthor", kHintBio},
      {"authorbox", kHintBio},
      {"authorbio", kHintBio},
      {"authorinfo", kHintBio},
      {"aboutus", kHintBio},
      {"footer", kHintFooter},
      {"foot", kHintFooter},
      {"colophon", kHintFooter},
      {"impressum", kHintFooter},
      {"postfooter", kHintFooter},
      {"entryfooter", kHintFooter},
      {"header", kHintHeader},
      {"masthead", kHintHeader},
      {"sidebar", kHintSidebar},
      {"aside", kHintSidebar},
      {"rail", kHintSidebar},
      {"rightcol", kHintSidebar},
      {"rightcolumn", kHintSidebar},
      {"leftcol", kHintSidebar},
      {"secondary", kHintSidebar},
      {"marginal", kHintSidebar},
      {"complementary", kHintSidebar},
      {"caption", kHintCaption},
      {"captions", kHintCaption},
      {"figcaption", kHintCaption},
      {"credit", kHintCaption},
      {"credits", kHintCaption},
      {"photocredit", kHintCaption},
      {"imagecredit", kHintCaption},
      {"bildunterschrift", kHintCaption},
      {"legende", kHintCaption},
      {"pie", kHintCaption},
      {"wp-caption-text", kHintCaption},
      {"srcaption", kHintCaption},
      {"sronly", kHintHidden},
      {"visuallyhidden", kHintHidden},
      {"screenreader", kHintHidden},
      {"screenreadertext", kHintHidden},
      {"offscreen", kHintHidden},
      {"noprint", kHintShare},
      {"printonly", kHintHidden},
      {"pullquote", kHintPullQuote},
      {"pullquotes", kHintPullQuote},
      {"pulledquote", kHintPullQuote},
      {"standfirst", kHintDeck},
      {"deck", kHintDeck},
      {"dek", kHintDeck},
      {"subtitle", kHintDeck},
      {"subhead", kHintDeck},
      {"subheadline", kHintDeck},
      {"subheading", kHintDeck},
      {"lede", kHintDeck},
      {"lead", kHintDeck},
      {"intro", kHintDeck},
      {"vorspann", kHintDeck},
      {"chapo", kHintDeck},
      {"chapeau", kHintDeck},
      {"summary", kHintDeck},
      {"excerpt", kHintDeck},
      {"abstract", kHintDeck},
      {"sommario", kHintDeck},
      {"bajada", kHintDeck},
      {"entradilla", kHintDeck},
      {"sumario", kHintDeck},
      {"ingress", kHintDeck},
      {"manchet", kHintDeck},
      {"perex", kHintDeck},
      {"cookie", kHintNotice},
      {"cookies", kHintNotice},
      {"cookiebar", kHintNotice},
      {"consent", kHintNotice},
      {"gdpr", kHintNotice},
      {"login", kHintNotice},
      {"register", kHintNotice},
      {"registration", kHintNotice},
      {"modal", kHintNotice},
      {"popup", kHintNotice},
      {"overlay", kHintNotice},
      {"lightbox", kHintNotice},
      {"disclaimer", kHintNotice},
      {"disclosure", kHintNotice},
      {"legal", kHintNotice},
      {"correction", kHintNotice},
      {"paywall", kHintPaywall},
      {"paywalled", kHintPaywall},
      {"premium", kHintPaywall},
      {"locked", kHintPaywall},
      {"subscriberonly", kHintPaywall},
      {"notice", kHintNotice},
      {"notification", kHintNotice},
      {"alert", kHintNotice},
      {"toast", kHintNotice},
      {"snackbar", kHintNotice},
      {"tooltip", kHintNotice},
      {"poll", kHintNotice},
      {"polls", kHintNotice},
      {"quiz", kHintNotice},
      {"survey", kHintNotice},
      {"umfrage", kHintNotice},
      {"encuesta", kHintNotice},
      {"factbox", kHintFactBox},
      {"infobox", kHintFactBox},
      {"sidenote", kHintFactBox},
      {"headline", kHintTitle},
      {"title", kHintTitle},
      {"embed", kHintEmbed},
      {"tweet", kHintEmbed},
      {"twitter", kHintEmbed},
      {"instagram", kHintEmbed},
      {"preamble", kHintDeck},
      {"strapline", kHintDeck},
      {"einleitung", kHintDeck},
      {"teasertext", kHintDeck},
      {"spot", kHintDeck},
      {"kurzfassung", kHintDeck},
      {"image", kHintMedia},
      {"images", kHintMedia},
      {"img", kHintMedia},
      {"photo", kHintMedia},
      {"photos", kHintMedia},
      {"picture", kHintMedia},
      {"pictures", kHintMedia},
      {"pict", kHintMedia},
      {"foto", kHintMedia},
      {"fotos", kHintMedia},
      {"bild", kHintMedia},
      {"bilder", kHintMedia},
      {"imagen", kHintMedia},
      {"imagem", kHintMedia},
      {"immagine", kHintMedia},
      {"media", kHintMedia},
      {"video", kHintMedia},
      {"videos", kHintMedia},
      {"figure", kHintMedia},
      {"thumbnail", kHintMedia},
      {"gallery", kHintGallery},
      {"galerie", kHintGallery},
      {"slideshow", kHintGallery},
      {"player", kHintGallery},
  };
  return *table;
}

// Two words in a row that mean more than either.
const Table& Pairs() {
  static const auto* const table = new Table{
      {"article body", kHintBody},
      {"articles body", kHintBody},
      {"article content", kHintBody},
      {"article text", kHintBody},
      {"article copy", kHintBody},
      {"article main", kHintArticle},
      {"article maincontent", kHintBody},
      {"story body", kHintBody},
      {"story content", kHintBody},
      {"story text", kHintBody},
      {"entry content", kHintBody},
      {"entry body", kHintBody},
      {"entry text", kHintBody},
      {"post body", kHintBody},
      {"post content", kHintBody},
      {"post text", kHintBody},
      {"blog content", kHintBody},
      {"single content", kHintBody},
      {"body text", kHintBody},
      {"body content", kHintBody},
      {"body copy", kHintBody},
      {"content body", kHintBody},
      {"content text", kHintBody},
      {"text body", kHintBody},
      {"main text", kHintBody},
      {"news body", kHintBody},
      {"news content", kHintBody},
      {"news text", kHintBody},
      {"news detail", kHintArticle},
      {"detail content", kHintBody},
      {"detail text", kHintBody},
      {"paragraph content", kHintArticle},
      {"artikel text", kHintBody},
      {"artikel body", kHintBody},
      {"artikel content", kHintBody},
      {"artikel inhalt", kHintBody},
      {"articulo cuerpo", kHintBody},
      {"noticia cuerpo", kHintBody},
      {"cuerpo noticia", kHintBody},
      {"corpo articolo", kHintBody},
      {"article corps", kHintBody},
      {"nota cuerpo", kHintBody},
      {"rich text", kHintArticle},
      {"full text", kHintBody},
      {"read more", kHintRelated},
      {"read next", kHintRelated},
      {"read also", kHintRelated},
      {"also read", kHintRelated},
      {"see also", kHintRelated},
      {"most read", kHintRelated},
      {"most popular", kHintRelated},
      {"most viewed", kHintRelated},
      {"most recent", kHintRelated},
      {"must read", kHintRelated},
      {"top stories", kHintRelated},
      {"more stories", kHintRelated},
      {"more news", kHintRelated},
      {"more from", kHintRelated},
      {"more on", kHintRelated},
      {"more articles", kHintRelated},
      {"more link", kHintRelated},
      {"more links", kHintRelated},
      {"other news", kHintRelated},
      {"other articles", kHintRelated},
      {"latest news", kHintRelated},
      {"latest articles", kHintRelated},
      {"latest posts", kHintRelated},
      {"recent posts", kHintRelated},
      {"recent articles", kHintRelated},
      {"you may", kHintRelated},
      {"up next", kHintRelated},
      {"next article", kHintRelated},
      {"next post", kHintRelated},
      {"prev next", kHintNavigation},
      {"next prev", kHintNavigation},
      {"post navigation", kHintNavigation},
      {"inline link", kHintRelated},
      {"link box", kHintRelated},
      {"link list", kHintRelated},
      {"lire aussi", kHintRelated},
      {"a lire", kHintRelated},
      {"leia tambem", kHintRelated},
      {"leia mais", kHintRelated},
      {"lee tambien", kHintRelated},
      {"lees ook", kHintRelated},
      {"les ogsa", kHintRelated},
      {"czytaj takze", kHintRelated},
      {"mehr zum", kHintRelated},
      {"auch interessant", kHintRelated},
      {"leggi anche", kHintRelated},
      {"teaser list", kHintRelated},
      {"teaser box", kHintRelated},
      {"author bio", kHintBio},
      {"author box", kHintBio},
      {"author info", kHintBio},
      {"author description", kHintBio},
      {"author profile", kHintBio},
      {"about author", kHintBio},
      {"about the", kHintBio},
      {"autor info", kHintBio},
      {"sr only", kHintHidden},
      {"visually hidden", kHintHidden},
      {"screen reader", kHintHidden},
      {"print only", kHintHidden},
      {"only print", kHintHidden},
      {"no print", kHintShare},
      {"pull quote", kHintPullQuote},
      {"paywall box", kHintPromotion},
      {"support box", kHintPromotion},
      {"support us", kHintPromotion},
      {"right col", kHintSidebar},
      {"right column", kHintSidebar},
      {"right rail", kHintSidebar},
      {"side bar", kHintSidebar},
      {"side column", kHintSidebar},
      {"left column", kHintSidebar},
      {"read time", kHintMeta},
      {"reading time", kHintMeta},
      {"publish date", kHintMeta},
      {"pub date", kHintMeta},
      {"article info", kHintMeta},
      {"post info", kHintMeta},
      {"entry info", kHintMeta},
      {"tag list", kHintMeta},
      {"tag cloud", kHintMeta},
      {"post tags", kHintMeta},
      {"article tags", kHintMeta},
      {"article topics", kHintMeta},
      {"sub title", kHintDeck},
      {"article intro", kHintDeck},
      {"article description", kHintDeck},
      {"article summary", kHintDeck},
      {"teaser text", kHintDeck},
      {"key points", kHintArticle},
      {"sub headline", kHintDeck},
      {"sub head", kHintDeck},
      {"fact box", kHintFactBox},
      {"info box", kHintFactBox},
      {"sign up", kHintPromotion},
      {"log in", kHintNotice},
      {"cookie banner", kHintNotice},
      {"app hint", kHintPromotion},
      {"app promo", kHintPromotion},
      {"app banner", kHintPromotion},
      {"app download", kHintPromotion},
      {"paywall offer", kHintPromotion},
      {"paywall banner", kHintPromotion},
      {"paywall barrier", kHintPromotion},
      {"paywall message", kHintPromotion},
      {"paywall prompt", kHintPromotion},
      {"subscription offer", kHintPromotion},
      {"subscribe offer", kHintPromotion},
      {"ad slot", kHintAdvert},
      {"ad container", kHintAdvert},
      {"image description", kHintCaption},
      {"img description", kHintCaption},
      {"photo description", kHintCaption},
      {"media description", kHintCaption},
      {"video description", kHintCaption},
      {"media info", kHintCaption},
      {"image info", kHintCaption},
      {"entry utility", kHintMeta},
      {"photo credit", kHintCaption},
      {"image credit", kHintCaption},
      {"img credit", kHintCaption},
      {"photo caption", kHintCaption},
      {"image caption", kHintCaption},
      {"caption text", kHintCaption},
      {"live post", kHintLive},
      {"live blog", kHintArticle | kHintLiveBlog},
      {"live ticker", kHintLiveBlog},
      {"live updates", kHintLiveBlog},
      {"live coverage", kHintLiveBlog},
      {"live feed", kHintLiveBlog},
      {"live reporting", kHintLiveBlog},
      {"live entries", kHintLiveBlog},
      {"live posts", kHintLiveBlog},
      {"news ticker", kHintLiveBlog},
      {"minuto minuto", kHintLiveBlog},
      {"minuto a", kHintLiveBlog},
      {"direct live", kHintLiveBlog},
      {"live direct", kHintLiveBlog},
      {"en vivo", kHintLiveBlog},
      {"ao vivo", kHintLiveBlog},
      {"ao minuto", kHintLiveBlog},
      {"in diretta", kHintLiveBlog},
      {"na zywo", kHintLiveBlog},
      {"canli anlatim", kHintLiveBlog},
      {"canli blog", kHintLiveBlog},
      {"ticker entry", kHintLive},
      {"ticker item", kHintLive},
      {"ticker post", kHintLive},
      {"liveticker entry", kHintLive},
      {"liveticker item", kHintLive},
      {"liveticker post", kHintLive},
      {"liveblog item", kHintLive},
      {"liveblog update", kHintLive},
      {"liveblog block", kHintLive},
      {"live block", kHintLive},
      {"live message", kHintLive},
      {"liveblog post", kHintLive},
      {"liveblog entry", kHintLive},
      {"live entry", kHintLive},
      {"live update", kHintLive},
      {"live item", kHintLive},
  };
  return *table;
}

// Words that turn the next one into a statement about something else:
// "has-sidebar" is the column beside it, "tag-advert" a topic.
bool Disclaims(absl::string_view word) {
  if (word.size() < 2 || word.size() > 8) return false;
  return word == "has" || word == "no" || word == "not" || word == "with" ||
         word == "without" || word == "tag" || word == "category" ||
         word == "cat" || word == "is" || word == "js" || word == "after" ||
         word == "before" || word == "hide" || word == "show" || word == "non";
}

constexpr std::array<std::pair<absl::string_view, Hints>, 14> kEndings = {{
    {"teaser", kHintWeakTeaser},
    {"teasers", kHintRelated},
    {"newsletter", kHintPromotion},
    {"sidebar", kHintSidebar},
    {"comments", kHintComments},
    {"related", kHintRelated},
    {"navigation", kHintNavigation},
    {"breadcrumb", kHintNavigation},
    {"caption", kHintCaption},
    {"credit", kHintCaption},
    {"byline", kHintMeta},
    {"timestamp", kHintMeta},
    {"metadata", kHintMeta},
    {"footer", kHintFooter},
}};

// By letter: the bits of those endings that begin, or end, with it.
constexpr std::array<uint16_t, 128> EndingsBy(bool last) {
  std::array<uint16_t, 128> bits = {};
  for (size_t i = 0; i < kEndings.size(); ++i) {
    const absl::string_view ending = kEndings[i].first;
    const char letter = last ? ending[ending.size() - 1] : ending[0];
    bits[static_cast<size_t>(letter)] |= static_cast<uint16_t>(1u << i);
  }
  return bits;
}
constexpr std::array<uint16_t, 128> kEndingsByFirst = EndingsBy(false);
constexpr std::array<uint16_t, 128> kEndingsByLast = EndingsBy(true);

// Long words are often two written as one: "manualteaser". The first ending of
// the table that a word begins or ends with counts.
Hints HintsOfCompound(absl::string_view word) {
  if (word.size() < 9) return 0;
  const bool pictured = absl::StartsWith(word, "image") ||
                        absl::StartsWith(word, "photo") ||
                        absl::StartsWith(word, "bild");
  if (pictured &&
      (absl::EndsWith(word, "description") || absl::EndsWith(word, "source") ||
       absl::EndsWith(word, "quelle"))) {
    return kHintCaption;
  }
  unsigned candidates = kEndingsByFirst[static_cast<size_t>(word.front())] |
                        kEndingsByLast[static_cast<size_t>(word.back())];
  for (; candidates != 0; candidates &= candidates - 1) {
    const auto& [ending, hints] =
        kEndings[static_cast<size_t>(absl::countr_zero(candidates))];
    if (absl::EndsWith(word, ending) || absl::StartsWith(word, ending)) {
      return hints;
    }
  }
  return 0;
}

// Of a word's lower-case letters, one after the other.
uint32_t HashOn(uint32_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * 0x9e3779b1u;
}

uint32_t HashOfWord(absl::string_view word) {
  uint32_t hash = 0;
  for (const char c : word) hash = HashOn(hash, c);
  return hash;
}

// Most words of most pages are in neither table: these bits tell, before any
// table is asked.
class KnownHashes {
 public:
  void Add(absl::string_view word) { bits_.set(PlaceOf(HashOfWord(word))); }
  bool MayHold(uint32_t hash) const { return bits_[PlaceOf(hash)]; }

 private:
  static constexpr int kBits = 14;
  static size_t PlaceOf(uint32_t hash) { return hash >> (32 - kBits); }

  std::bitset<1 << kBits> bits_;
};

const KnownHashes& HashesOfWords() {
  static const auto* const hashes = [] {
    auto* made = new KnownHashes;
    for (const auto& [word, hints] : Words()) made->Add(word);
    return made;
  }();
  return *hashes;
}

// Of the first words of pairs.
const KnownHashes& HashesOfFirstWords() {
  static const auto* const hashes = [] {
    auto* made = new KnownHashes;
    for (const auto& [pair, hints] : Pairs()) {
      made->Add(pair.substr(0, pair.find(' ')));
    }
    return made;
  }();
  return *hashes;
}

// What a character of a name is.
enum CharClass : uint8_t { kOther, kLower, kUpper, kBlank };

constexpr std::array<uint8_t, 256> kCharClasses = [] {
  std::array<uint8_t, 256> classes = {};
  for (size_t c = 'a'; c <= 'z'; ++c) classes[c] = kLower;
  for (size_t c = 'A'; c <= 'Z'; ++c) classes[c] = kUpper;
  for (const char c : {' ', '\t', '\n', '\v', '\f', '\r'}) {
    classes[static_cast<size_t>(c)] = kBlank;
  }
  return classes;
}();

constexpr size_t kLongestName = 300;

struct Reader {
  const Table& words = Words();
  const Table& pairs = Pairs();
  const KnownHashes& word_hashes = HashesOfWords();
  const KnownHashes& first_hashes = HashesOfFirstWords();
  Hints hints = 0;
  absl::string_view previous;
  bool may_begin_pair = false;

  // `hash` is HashOfWord(word).
  void EndWord(absl::string_view word, uint32_t hash) {
    if (word.empty()) return;
    if (!Disclaims(previous) || previous == "is") Look(word, hash);
    if (may_begin_pair) LookForPair(word);
    previous = word;
    may_begin_pair = first_hashes.MayHold(hash);
  }

  // What follows is another name.
  void EndName() {
    previous = absl::string_view();
    may_begin_pair = false;
  }

  void Look(absl::string_view word, uint32_t hash) {
    if (word_hashes.MayHold(hash)) {
      const auto it = words.find(word);
      if (it != words.end()) {
        hints |= it->second;
        return;
      }
    }
    hints |= HintsOfCompound(word);
  }

  void LookForPair(absl::string_view word) {
    std::array<char, kLongestName + 1> pair;
    char* end = std::copy(previous.begin(), previous.end(), pair.begin());
    *end++ = ' ';
    end = std::copy(word.begin(), word.end(), end);
    const auto it = pairs.find(
        absl::string_view(pair.data(), static_cast<size_t>(end - pair.data())));
    if (it != pairs.end()) hints |= it->second;
  }
};

}  // namespace

Hints HintsOfName(absl::string_view name) {
  name = name.substr(0, kLongestName);
  std::array<char, kLongestName> lower;
  Reader reader;
  size_t begin = 0;
  uint32_t hash = 0;
  const auto end_word = [&](size_t end) {
    reader.EndWord(absl::string_view(lower.data() + begin, end - begin), hash);
    hash = 0;
  };
  bool was_lower = false;
  for (size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const uint8_t kind = kCharClasses[byte];
    if (kind == kOther || kind == kBlank) {
      end_word(i);
      if (kind == kBlank) reader.EndName();
      begin = i + 1;
      was_lower = false;
      continue;
    }
    if (kind == kUpper && was_lower) {
      end_word(i);
      begin = i;
    }
    lower[i] = static_cast<char>(byte | 0x20);
    hash = HashOn(hash, lower[i]);
    was_lower = kind == kLower;
  }
  end_word(name.size());
  return reader.hints;
}

HintReason ReasonOf(Hints hints) {
  if (hints & kHintHidden) return {"hidden", "The page doesn't show it."};
  if (hints & kHintComments) {
    return {"comments", "Its container is named as readers' comments."};
  }
  if (hints & kHintRelated) {
    return {"related", "Its container is named as links to other articles."};
  }
  if (hints & kHintNavigation) {
    return {"navigation", "Its container is named as navigation."};
  }
  if (hints & kHintShare) {
    return {"share", "Its container is named as sharing tools."};
  }
  if (hints & kHintPromotion) {
    return {"promotion", "Its container is named as the site's own promotion."};
  }
  if (hints & kHintAdvert) {
    return {"advert", "Its container is named as an advertisement."};
  }
  if (hints & kHintNotice) {
    return {"notice", "Its container is named as a notice or a dialog."};
  }
  if (hints & kHintBio) {
    return {"author_bio", "Its container is named as words about the author."};
  }
  if (hints & kHintMeta) {
    return {"meta", "Its container is named as byline, date or tags."};
  }
  if (hints & kHintGallery) {
    return {"gallery", "Its container is named as a gallery or player."};
  }
  if (hints & kHintFooter) return {"footer", "It stands in a footer."};
  if (hints & kHintSidebar) return {"sidebar", "It stands in a side column."};
  if (hints & kHintHeader) return {"header", "It stands in a header."};
  return {"", ""};
}

}  // namespace dateline
