#include "fetcher/core/warc/import_state.h"

#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

WarcFileIdentity IdentityOf(const v1::WarcImport& import) {
  return {import.name(), import.size_bytes(), import.head_sha256()};
}

}  // namespace

ImportState::ImportState(const WarcFileIdentity& file,
                         const std::optional<v1::WarcImport>& known) {
  if (known.has_value() && IdentityOf(*known) == file) {
    import_ = *known;
    was_finished_ = import_.finished();
    if (import_.records() > 0) {
      start_offset_ = known_offset_ = import_.last_offset();
      known_index_ = import_.last_index();
    }
    return;
  }
  import_.set_name(file.name);
  import_.set_size_bytes(file.size_bytes);
  import_.set_head_sha256(file.head_sha256);
}

bool ImportState::Take(const WarcRecord& record,
                       const std::map<std::string, int64_t>& reader_skipped) {
  if (record.offset == known_offset_ &&
      record.index_in_member <= known_index_) {
    // What the reader skipped up to here was counted then.
    counted_skips_ = reader_skipped;
    return false;
  }
  CountReaderSkips(reader_skipped);
  import_.set_records(import_.records() + 1);
  import_.set_last_offset(record.offset);
  import_.set_last_index(record.index_in_member);
  return true;
}

void ImportState::CountPage() { import_.set_pages(import_.pages() + 1); }

void ImportState::CountSkip(const std::string& code) {
  ++(*import_.mutable_skipped())[code];
}

void ImportState::Finish(const std::map<std::string, int64_t>& reader_skipped) {
  CountReaderSkips(reader_skipped);
  import_.set_finished(true);
}

void ImportState::CountReaderSkips(
    const std::map<std::string, int64_t>& reader_skipped) {
  for (const auto& [code, count] : reader_skipped) {
    const int64_t more = count - counted_skips_[code];
    if (more != 0) (*import_.mutable_skipped())[code] += more;
    counted_skips_[code] = count;
  }
}

v1::WarcImport ImportState::Snapshot(absl::Time now) const {
  v1::WarcImport import = import_;
  *import.mutable_update_time() = ToProto(now);
  return import;
}

v1::ImportWarcResponse ImportState::Progress(int64_t position) const {
  v1::ImportWarcResponse progress;
  progress.set_bytes_read(import_.finished() ? import_.size_bytes() : position);
  progress.set_bytes_total(import_.size_bytes());
  progress.set_pages(import_.pages());
  *progress.mutable_skipped() = import_.skipped();
  progress.set_state(was_finished_        ? v1::IMPORT_STATE_ALREADY_FINISHED
                     : import_.finished() ? v1::IMPORT_STATE_FINISHED
                                          : v1::IMPORT_STATE_RUNNING);
  progress.set_resumed_at(was_finished_ ? import_.size_bytes() : start_offset_);
  return progress;
}

}  // namespace dateline::fetcher
