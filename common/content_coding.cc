#include "common/content_coding.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/utf8.h"

#ifdef DATELINE_BROTLI
#include <brotli/decode.h>
#endif
#ifdef DATELINE_DEFLATE
#include <libdeflate.h>
#endif

namespace dateline {
namespace {

constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;
// 16 MiB: what the web may send has a window of 8 MiB at most (RFC 9659).
constexpr int kZstdWindowLog = 24;
constexpr size_t kMostCodings = 5;

absl::Status UnknownCoding(absl::string_view token) {
  constexpr size_t kShown = 64;
  return absl::InvalidArgumentError(absl::StrCat(
      "the coding \"",
      ValidUtf8(absl::StripAsciiWhitespace(token).substr(0, kShown)),
      "\" is unknown"));
}

absl::Status TooManyCodings() {
  return absl::InvalidArgumentError("there are too many codings");
}

// Decoded bytes within their bound.
class Output {
 public:
  Output(size_t max_bytes, std::string room)
      : max_bytes_(max_bytes), taken_(std::move(room)) {
    taken_.clear();
  }

  // Where the next bytes go, and how many at most.
  char* data() { return buffer_.data(); }
  size_t size() const { return buffer_.size(); }

  // Takes the first bytes of data(). False where they are too many.
  bool Take(size_t bytes) {
    if (bytes > max_bytes_ - taken_.size()) return false;
    taken_.append(buffer_.data(), bytes);
    return true;
  }

  absl::Status TooLarge() const {
    return absl::ResourceExhaustedError(absl::StrCat(
        "more than ", max_bytes_, " bytes come of what is compressed"));
  }

  // `ending` is why no more bytes come.
  absl::StatusOr<Decoded> Finish(bool complete, absl::string_view format) && {
    if (!complete && taken_.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("it is not ", format, ", or broken at its start"));
    }
    return Decoded{std::move(taken_), complete};
  }

 private:
  size_t max_bytes_;
  std::array<char, 64 * 1024> buffer_;
  std::string taken_;
};

class Inflater {
 public:
  explicit Inflater(int window) { ok_ = inflateInit2(&z_, window) == Z_OK; }
  ~Inflater() {
    if (ok_) inflateEnd(&z_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void Give(absl::string_view input) {
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    z_.avail_in = static_cast<uInt>(
        std::min<size_t>(input.size(), std::numeric_limits<uInt>::max()));
  }

  // zlib's code; `out` holds `*written` bytes more.
  int Step(char* out, size_t size, size_t* written) {
    if (!ok_) return Z_MEM_ERROR;
    z_.next_out = reinterpret_cast<Bytef*>(out);
    z_.avail_out = static_cast<uInt>(size);
    const int code = inflate(&z_, Z_NO_FLUSH);
    *written = size - z_.avail_out;
    return code;
  }

  // Whether another gzip member follows; makes ready for it.
  bool NextMember() {
    return z_.avail_in >= 2 && z_.next_in[0] == 0x1F && z_.next_in[1] == 0x8B &&
           inflateReset(&z_) == Z_OK;
  }

 private:
  z_stream z_ = {};
  bool ok_ = false;
};

absl::StatusOr<Decoded> Inflate(absl::string_view encoded, int window,
                                absl::string_view format, size_t max_bytes,
                                std::string room) {
  const auto output = std::make_unique<Output>(max_bytes, std::move(room));
  Inflater inflater(window);
  inflater.Give(encoded);
  while (true) {
    size_t written = 0;
    const int code = inflater.Step(output->data(), output->size(), &written);
    if (!output->Take(written)) return output->TooLarge();
    if (code == Z_STREAM_END) {
      if (window == kGzipWindow && inflater.NextMember()) continue;
      return std::move(*output).Finish(true, format);
    }
    if (code != Z_OK) return std::move(*output).Finish(false, format);
  }
}

#ifdef DATELINE_DEFLATE
// The usual case in less than half of zlib's time: one whole gzip member of the
// size that its end names, into `bytes`. False where it is not so; zlib tells
// why.
bool InflateAtOnce(absl::string_view encoded, size_t max_bytes,
                   std::string& bytes) {
  constexpr size_t kLeastBytes = 18;  // header and trailer, RFC 1952 §2.3
  // No more comes of a byte than of a longest match in two bits.
  constexpr size_t kMostFromByte = 258 * 4;
  if (encoded.size() < kLeastBytes) return false;
  size_t size = 0;
  for (size_t i = 1; i <= 4; ++i) {
    size = size << 8 | static_cast<uint8_t>(encoded[encoded.size() - i]);
  }
  if (size > max_bytes || size / kMostFromByte > encoded.size()) {
    return false;
  }
  thread_local const std::unique_ptr<libdeflate_decompressor,
                                     void (*)(libdeflate_decompressor*)>
      decompressor(libdeflate_alloc_decompressor(),
                   libdeflate_free_decompressor);
  if (decompressor == nullptr) return false;
  bytes.resize(size);
  size_t read = 0;
  size_t written = 0;
  const libdeflate_result result = libdeflate_gzip_decompress_ex(
      decompressor.get(), encoded.data(), encoded.size(), bytes.data(), size,
      &read, &written);
  return result == LIBDEFLATE_SUCCESS && read == encoded.size() &&
         written == size;
}
#else
bool InflateAtOnce(absl::string_view, size_t, std::string&) { return false; }
#endif

absl::StatusOr<Decoded> DecodeGzip(absl::string_view encoded, size_t max_bytes,
                                   std::string room) {
  if (InflateAtOnce(encoded, max_bytes, room)) {
    return Decoded{std::move(room), true};
  }
  return Inflate(encoded, kGzipWindow, "gzip", max_bytes, std::move(room));
}

absl::StatusOr<Decoded> InflateEitherWay(absl::string_view encoded,
                                         size_t max_bytes, std::string room) {
  absl::StatusOr<Decoded> wrapped =
      Inflate(encoded, kZlibWindow, "deflate", max_bytes, std::move(room));
  if (!absl::IsInvalidArgument(wrapped.status())) return wrapped;
  return Inflate(encoded, kRawWindow, "deflate", max_bytes, {});
}

absl::StatusOr<Decoded> DecodeZstd(absl::string_view encoded, size_t max_bytes,
                                   std::string room) {
  const auto output = std::make_unique<Output>(max_bytes, std::move(room));
  const std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context(
      ZSTD_createDCtx(), ZSTD_freeDCtx);
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
  ZSTD_inBuffer in = {encoded.data(), encoded.size(), 0};
  size_t left = 1;
  while (true) {
    ZSTD_outBuffer out = {output->data(), output->size(), 0};
    const size_t before = in.pos;
    left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left)) return std::move(*output).Finish(false, "zstd");
    if (!output->Take(out.pos)) return output->TooLarge();
    // Asked once more behind a frame's end, it would wait for another frame.
    if (left == 0 && in.pos == in.size) break;
    if (in.pos == in.size && out.pos < out.size) break;
    if (in.pos == before && out.pos == 0) break;
  }
  return std::move(*output).Finish(left == 0, "zstd");
}

#ifdef DATELINE_BROTLI
absl::StatusOr<Decoded> DecodeBrotli(absl::string_view encoded,
                                     size_t max_bytes, std::string room) {
  const auto output = std::make_unique<Output>(max_bytes, std::move(room));
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)>
      state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr),
            BrotliDecoderDestroyInstance);
  const auto* next_in = reinterpret_cast<const uint8_t*>(encoded.data());
  size_t available_in = encoded.size();
  while (true) {
    auto* next_out = reinterpret_cast<uint8_t*>(output->data());
    size_t available_out = output->size();
    const BrotliDecoderResult result =
        BrotliDecoderDecompressStream(state.get(), &available_in, &next_in,
                                      &available_out, &next_out, nullptr);
    if (!output->Take(output->size() - available_out)) {
      return output->TooLarge();
    }
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) continue;
    return std::move(*output).Finish(result == BROTLI_DECODER_RESULT_SUCCESS,
                                     "brotli");
  }
}
#else
absl::StatusOr<Decoded> DecodeBrotli(absl::string_view, size_t, std::string) {
  return absl::UnimplementedError("this build reads no brotli");
}
#endif

absl::string_view NameOf(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::kGzip:
      return "gzip";
    case ContentCoding::kDeflate:
      return "deflate";
    case ContentCoding::kBrotli:
      return "br";
    case ContentCoding::kZstd:
      return "zstd";
    case ContentCoding::kIdentity:
      break;
  }
  return "identity";
}

}  // namespace

std::optional<ContentCoding> ContentCodingOf(absl::string_view token) {
  const std::string name =
      absl::AsciiStrToLower(absl::StripAsciiWhitespace(token));
  if (name.empty() || name == "identity") return ContentCoding::kIdentity;
  if (name == "gzip" || name == "x-gzip") return ContentCoding::kGzip;
  if (name == "deflate") return ContentCoding::kDeflate;
  if (name == "br") return ContentCoding::kBrotli;
  if (name == "zstd") return ContentCoding::kZstd;
  return std::nullopt;
}

absl::StatusOr<Decoded> DecodeContent(ContentCoding coding,
                                      absl::string_view encoded,
                                      size_t max_bytes, std::string room) {
  switch (coding) {
    case ContentCoding::kGzip:
      return DecodeGzip(encoded, max_bytes, std::move(room));
    case ContentCoding::kDeflate:
      return InflateEitherWay(encoded, max_bytes, std::move(room));
    case ContentCoding::kBrotli:
      return DecodeBrotli(encoded, max_bytes, std::move(room));
    case ContentCoding::kZstd:
      return DecodeZstd(encoded, max_bytes, std::move(room));
    case ContentCoding::kIdentity:
      break;
  }
  if (encoded.size() > max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("it has more than ", max_bytes, " bytes"));
  }
  return Decoded{std::string(encoded), true};
}

absl::string_view AcceptedCodings() {
#ifdef DATELINE_BROTLI
  return "deflate, gzip, br, zstd";
#else
  return "deflate, gzip, zstd";
#endif
}

absl::StatusOr<std::vector<std::string>> ParseContentCodings(
    absl::string_view codings) {
  std::vector<std::string> names;
  for (const absl::string_view token :
       absl::StrSplit(codings, ',', absl::SkipWhitespace())) {
    const std::optional<ContentCoding> coding = ContentCodingOf(token);
    if (!coding.has_value()) return UnknownCoding(token);
    if (*coding == ContentCoding::kIdentity) continue;
    names.emplace_back(NameOf(*coding));
  }
  if (names.size() > kMostCodings) return TooManyCodings();
  return names;
}

absl::StatusOr<std::string> UndoContentCodings(
    absl::Span<const absl::string_view> codings, absl::string_view body,
    size_t max_bytes, std::string room) {
  if (codings.size() > kMostCodings) return TooManyCodings();
  Decoded undone;
  for (auto name = codings.rbegin(); name != codings.rend(); ++name) {
    const std::optional<ContentCoding> coding = ContentCodingOf(*name);
    if (!coding.has_value()) return UnknownCoding(*name);
    if (*coding == ContentCoding::kIdentity || body.empty()) continue;
    absl::StatusOr<Decoded> decoded =
        DecodeContent(*coding, body, max_bytes, std::exchange(room, {}));
    if (!decoded.ok()) return decoded.status();
    if (!decoded->complete) {
      return absl::DataLossError("it is cut off or broken");
    }
    undone = *std::move(decoded);
    body = undone.bytes;
  }
  if (body.size() > max_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("it has more than ", max_bytes, " bytes"));
  }
  return undone.complete ? std::move(undone.bytes) : std::string(body);
}

}  // namespace dateline
