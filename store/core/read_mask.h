#ifndef DATELINE_STORE_CORE_READ_MASK_H_
#define DATELINE_STORE_CORE_READ_MASK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "google/protobuf/field_mask.pb.h"

namespace dateline::store {

// kInvalidArgument, naming the path, where `mask` names what is no field of an
// Article. No path, and the path "*", stand for all fields (AIP-157).
absl::Status CheckReadMask(const google::protobuf::FieldMask& mask);

// Leaves in `article` what `mask` names. The mask must be a checked one.
void ApplyReadMask(const google::protobuf::FieldMask& mask,
                   v1::Article& article);

// A serialized article, masked; cheaper than the whole one where the mask
// leaves much out. The mask must be a checked one. kDataLoss where what it
// reads of `bytes` is none.
absl::StatusOr<v1::Article> ParseMasked(
    absl::string_view bytes, const google::protobuf::FieldMask& mask);

// The same, serialized again. A mask of whole fields takes no parsing: `bytes`
// that are no article (see IsSerializedArticle) may then come back as they are.
absl::StatusOr<std::string> MaskSerialized(
    absl::string_view bytes, const google::protobuf::FieldMask& mask);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_READ_MASK_H_
