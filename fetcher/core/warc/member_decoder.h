#ifndef DATELINE_FETCHER_CORE_WARC_MEMBER_DECODER_H_
#define DATELINE_FETCHER_CORE_WARC_MEMBER_DECODER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// Decompresses the gzip members or zstd frames of a file, one after the other.
class MemberDecoder {
 public:
  struct Step {
    enum Kind {
      kMore,     // wants more input, or has more output
      kEnd,      // the member ends here, and its check sum is right
      kCorrupt,  // not decodable
    };
    Kind kind = kMore;
    size_t consumed = 0;  // bytes of input
  };

  virtual ~MemberDecoder() = default;

  // Makes ready for the start of a member.
  virtual void Restart() = 0;

  // Appends what comes of `input` to `out`, at most 64 KiB. Where it consumes
  // nothing and appends nothing, it wants more.
  virtual Step Decode(absl::string_view input, std::string& out) = 0;
};

std::unique_ptr<MemberDecoder> NewGzipDecoder();

// `dictionary` in zstd's own form; may be empty.
std::unique_ptr<MemberDecoder> NewZstdDecoder(absl::string_view dictionary);

// The dictionary in the skippable frame at the start of a .warc.zst file: as it
// is, or as a zstd frame itself. kInvalidArgument where it is neither,
// kResourceExhausted above 16 MiB.
absl::StatusOr<std::string> UnpackDictionary(absl::string_view frame);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_MEMBER_DECODER_H_
