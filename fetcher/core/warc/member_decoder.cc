#include "fetcher/core/warc/member_decoder.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "common/content_coding.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMaxDictionaryBytes = 16 * 1024 * 1024;
constexpr size_t kMaxInput = 64 * 1024 * 1024;
constexpr int kGzipWindow = 15 + 16;

using Buffer = std::array<char, 64 * 1024>;

class GzipDecoder : public MemberDecoder {
 public:
  GzipDecoder() { ok_ = inflateInit2(&z_, kGzipWindow) == Z_OK; }
  ~GzipDecoder() override {
    if (ok_) inflateEnd(&z_);
  }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  void Restart() override {
    if (ok_) inflateReset(&z_);
  }

  Step Decode(absl::string_view input, std::string& out) override {
    if (!ok_) return {Step::kCorrupt, 0};
    const size_t given = std::min(input.size(), kMaxInput);
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    z_.avail_in = static_cast<uInt>(given);
    z_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    z_.avail_out = static_cast<uInt>(buffer_.size());
    const int code = inflate(&z_, Z_NO_FLUSH);
    out.append(buffer_.data(), buffer_.size() - z_.avail_out);
    const size_t consumed = given - z_.avail_in;
    if (code == Z_STREAM_END) return {Step::kEnd, consumed};
    // Z_BUF_ERROR: nothing could be done without more input.
    if (code == Z_OK || code == Z_BUF_ERROR) return {Step::kMore, consumed};
    return {Step::kCorrupt, consumed};
  }

 private:
  z_stream z_ = {};
  bool ok_ = false;
  Buffer buffer_;
};

class ZstdDecoder : public MemberDecoder {
 public:
  explicit ZstdDecoder(absl::string_view dictionary)
      : context_(ZSTD_createDCtx(), ZSTD_freeDCtx) {
    if (!dictionary.empty()) {
      ZSTD_DCtx_loadDictionary(context_.get(), dictionary.data(),
                               dictionary.size());
    }
  }

  void Restart() override {
    ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
  }

  Step Decode(absl::string_view input, std::string& out) override {
    ZSTD_inBuffer in = {input.data(), input.size(), 0};
    ZSTD_outBuffer to = {buffer_.data(), buffer_.size(), 0};
    const size_t left = ZSTD_decompressStream(context_.get(), &to, &in);
    if (ZSTD_isError(left)) return {Step::kCorrupt, in.pos};
    out.append(buffer_.data(), to.pos);
    return {left == 0 ? Step::kEnd : Step::kMore, in.pos};
  }

 private:
  std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context_;
  Buffer buffer_;
};

}  // namespace

std::unique_ptr<MemberDecoder> NewGzipDecoder() {
  return std::make_unique<GzipDecoder>();
}

std::unique_ptr<MemberDecoder> NewZstdDecoder(absl::string_view dictionary) {
  return std::make_unique<ZstdDecoder>(dictionary);
}

absl::StatusOr<std::string> UnpackDictionary(absl::string_view frame) {
  if (absl::StartsWith(frame, "\x37\xA4\x30\xEC")) return std::string(frame);
  absl::StatusOr<Decoded> decoded =
      DecodeContent(ContentCoding::kZstd, frame, kMaxDictionaryBytes);
  if (!decoded.ok()) return decoded.status();
  if (!decoded->complete) {
    return absl::InvalidArgumentError("the dictionary is cut off");
  }
  return std::move(decoded->bytes);
}

}  // namespace dateline::fetcher
