#ifndef DATELINE_PARSER_ISOLATION_FRAME_H_
#define DATELINE_PARSER_ISOLATION_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline {

// How a frame begins; both ends are on one machine and have its byte order.
struct FrameSizes {
  uint32_t head = 0;
  uint32_t body = 0;

  size_t Whole() const { return sizeof(*this) + size_t{head} + body; }
  // Whether a frame can be so large.
  bool AreSane() const { return Whole() <= size_t{256} << 20; }
};

// What goes between the parser and a worker: FrameSizes, then a Protobuf
// message and bytes that need no copy into one.
struct Frame {
  std::string head;
  std::string body;
};

// The first bytes of a frame, up to its body.
std::string FrameStart(absl::string_view head, size_t body_size);

// Cuts what arrives into frames.
class FrameCutter {
 public:
  void Add(absl::string_view bytes) {
    bytes_.append(bytes.data(), bytes.size());
  }

  // The next whole frame. kInvalidArgument where it is larger than a frame can
  // be.
  absl::StatusOr<std::optional<Frame>> Next();

 private:
  std::string bytes_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_ISOLATION_FRAME_H_
