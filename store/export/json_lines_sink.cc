#include <cerrno>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "store/export/article_json.h"
#include "store/export/article_sink.h"

namespace dateline::store {
namespace {

class JsonLinesSink final : public ArticleSink {
 public:
  JsonLinesSink(std::string name, std::FILE* file)
      : name_(std::move(name)), file_(file) {}
  ~JsonLinesSink() override {
    if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  }

  absl::Status Add(const v1::Article& article) override {
    absl::StatusOr<std::string> line = ToJson(article);
    if (!line.ok()) return line.status();
    line->push_back('\n');
    if (std::fwrite(line->data(), 1, line->size(), file_) != line->size()) {
      return WriteError();
    }
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    if (std::fflush(file_) != 0) return WriteError();
    std::FILE* file = file_;
    file_ = nullptr;
    if (file != stdout && std::fclose(file) != 0) return WriteError();
    return absl::OkStatus();
  }

 private:
  absl::Status WriteError() const {
    return absl::ErrnoToStatus(errno, absl::StrCat("writing ", name_));
  }

  const std::string name_;
  std::FILE* file_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ArticleSink>> NewJsonLinesSink(
    const std::string& path) {
  if (path == "-") {
    return std::make_unique<JsonLinesSink>("standard output", stdout);
  }
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) {
    return absl::ErrnoToStatus(errno, absl::StrCat("opening ", path));
  }
  return std::make_unique<JsonLinesSink>(path, file);
}

}  // namespace dateline::store
