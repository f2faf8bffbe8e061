#include "parser/core/selection_short.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "parser/core/container.h"
#include "parser/core/furniture.h"

namespace dateline {
namespace {

constexpr uint32_t kFewestWords = 3;
// Of so small a page a link may be the text.
constexpr uint32_t kSmallPage = 60;

// What stands in for a page that isn't shown.
bool IsRefusal(absl::string_view normalized) {
  for (const absl::string_view phrase : {"javascript",
                                         "captcha",
                                         "access denied",
                                         "forbidden",
                                         "not found",
                                         "just a moment",
                                         "checking your browser",
                                         "are you a robot",
                                         "not a robot",
                                         "unusual traffic",
                                         "enable cookies",
                                         "bad gateway",
                                         "service unavailable",
                                         "internal server error",
                                         "redirecting",
                                         "you are being redirected",
                                         "error 404",
                                         "error 403",
                                         "404 error",
                                         "seite nicht gefunden",
                                         "zugriff verweigert",
                                         "page introuvable",
                                         "accès refusé",
                                         "página no encontrada",
                                         "acceso denegado"}) {
    if (absl::StrContains(normalized, phrase)) return true;
  }
  return false;
}

bool IsTitle(const TextBlock& block, const BodyClues& clues) {
  if (block.heading_level == 1) return true;
  return !clues.headlines.empty() &&
         block.Normalized() == NormalizedLine(clues.headlines[0]);
}

}  // namespace

Selection SelectShortText(const PageModel& model, const BodyClues& clues) {
  Selection selection;
  selection.verdicts.resize(model.blocks.size());
  std::vector<double> weights = ContentWeights(model);
  DropNamedParts(model, clues, /*trust_names=*/true, &weights,
                 &selection.verdicts);
  uint32_t all = 0;
  for (const TextBlock& block : model.blocks) all += block.words;
  uint32_t kept = 0;
  bool is_refusal = false;
  for (size_t i = 0; i < model.blocks.size(); ++i) {
    const TextBlock& block = model.blocks[i];
    is_refusal = is_refusal || IsRefusal(block.Normalized());
    Verdict& verdict = selection.verdicts[i];
    if (!verdict.kept) continue;
    if (IsTitle(block, clues)) {
      verdict = {false, "title", "It is the title."};
    } else if (block.Kind() != LineKind::kText) {
      verdict = {false, RuleOf(block.Kind()), ReasonOf(block.Kind())};
    } else if (all > kSmallPage && block.LinkDensity() > 0.5) {
      verdict = {false, "only_link", "It is a link and nothing else."};
    }
    kept += verdict.kept ? block.words : 0;
  }
  selection.weights = std::move(weights);
  selection.container = 0;
  if (kept >= kFewestWords && 2 * kept > all && !is_refusal) return selection;
  selection.container = -1;
  for (Verdict& verdict : selection.verdicts) {
    if (verdict.kept) {
      verdict = {false, "no_text", "The page has no running text."};
    }
  }
  return selection;
}

}  // namespace dateline
