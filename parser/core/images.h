#ifndef DATELINE_PARSER_CORE_IMAGES_H_
#define DATELINE_PARSER_CORE_IMAGES_H_

#include <optional>

#include "dateline/v1/article.pb.h"
#include "parser/core/document.h"
#include "parser/core/page_model.h"

namespace dateline {

// Pictures that an article has at the most.
inline constexpr int kMostImages = 200;

// Reads the picture at an <img> or <picture>: its largest rendition (srcset,
// the attributes of lazy loaders), alternative text, size, and caption and
// credit from the figure around it. Nothing for icons, counters and pictures
// without an http(s) URL.
std::optional<v1::Image> ReadImage(const Document& document,
                                   const PageModel& model,
                                   const MediaPlace& place);

// Reads a frame or player as an embed; nothing for adverts and frames without
// an http(s) URL.
std::optional<v1::Embed> ReadEmbed(const Document& document, Node* node);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_IMAGES_H_
