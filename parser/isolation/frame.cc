#include "parser/isolation/frame.h"

#include <cstring>

#include "absl/strings/str_cat.h"

namespace dateline {
std::string FrameStart(absl::string_view head, size_t body_size) {
  const FrameSizes sizes = {static_cast<uint32_t>(head.size()),
                            static_cast<uint32_t>(body_size)};
  std::string start(sizeof(sizes), '\0');
  std::memcpy(start.data(), &sizes, sizeof(sizes));
  start.append(head.data(), head.size());
  return start;
}

absl::StatusOr<std::optional<Frame>> FrameCutter::Next() {
  FrameSizes sizes;
  if (bytes_.size() < sizeof(sizes)) return std::nullopt;
  std::memcpy(&sizes, bytes_.data(), sizeof(sizes));
  const size_t whole = sizes.Whole();
  if (!sizes.AreSane()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a frame of ", whole, " bytes"));
  }
  if (bytes_.size() < whole) return std::nullopt;
  Frame frame;
  frame.head = bytes_.substr(sizeof(sizes), sizes.head);
  frame.body = bytes_.substr(sizeof(sizes) + sizes.head, sizes.body);
  bytes_.erase(0, whole);
  return frame;
}

}  // namespace dateline
