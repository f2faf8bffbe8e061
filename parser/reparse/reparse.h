#ifndef DATELINE_PARSER_REPARSE_REPARSE_H_
#define DATELINE_PARSER_REPARSE_REPARSE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/framing/topic_frames.h"
#include "common/kafka/client.h"
#include "common/topics.h"
#include "dateline/v1/article.pb.h"
#include "parser/core/page_verdict.h"
#include "parser/ledger/topic_reading.h"
#include "parser/page_reader.h"
#include "parser/reparse/known_articles.h"
#include "parser/reparse/reparse_report.h"

namespace dateline {

struct ReparseOptions {
  // Pages whose records have a time in [from, to).
  absl::Time from = absl::InfinitePast();
  absl::Time to = absl::InfiniteFuture();
  // Where not empty, the pages of this WARC file instead.
  std::string warc;
  // The parsers' group: what it has yet to read is left to it.
  std::string group_id;
  // Compares and reports, writes nothing.
  bool dry_run = false;
  // Of the articles that are written.
  TopicFrames frames;
  absl::Duration progress_interval = absl::Seconds(5);
};

// Reads pages again by the present extractor, and writes those articles that
// say something else than the latest one of their uid does: of the same
// version, with a later `parse_time`, which is how stores tell them apart. It
// compares with the articles on the topic, so what is written is not written
// again: a run that was ended, at any moment, is gone on with by another. Each
// batch is one transaction. Two runs at once fence each other.
//
// Never written are articles of an earlier fetch than the latest one, of pages
// that the group has yet to read, of those taken back, and a page's having none
// any more, which is only reported. Where a parser writes a later fetch between
// the comparison and the commit, that article is written again behind.
class Reparse {
 public:
  using Say = std::function<void(const std::string&)>;

  // All must outlive it.
  Reparse(const kafka::ClientOptions& client, const TopicNames& topics,
          PageReader& reader, const Clock& clock, const ReparseOptions& options,
          Say say)
      : client_(client),
        topics_(topics),
        reader_(reader),
        clock_(clock),
        options_(options),
        say_(std::move(say)) {}

  // Once. kUnavailable or kAborted: run again to go on. kNotFound,
  // kInvalidArgument or kDataLoss: of the WARC file, see ReadWarcFile; what is
  // before the place where it can't be read any more is done.
  absl::Status Run();

  // Of Run. Left out, besides what ReadWarcFile counts, are: "not_committed",
  // offsets that the group has yet to commit; "no_record", offsets without a
  // committed record, as of marks of transactions, of pages whose transaction
  // was aborted, and of what is gone from the topic; "other_time", records of
  // another time than was asked for; "article_too_large" for the topic.
  const ReparseReport& report() const { return report_; }

 private:
  struct Page {
    PageTask task;
    // Where it is from, as an id; with source and time unique.
    std::string place;
    PageVerdict verdict;
  };

  absl::Status Start();
  // What of the pages topics is to be read.
  absl::StatusOr<TopicEnds> Ranges();
  absl::Status ReadTopics();
  absl::Status ReadWarc();
  absl::Status Add(Page page);
  void Judge(const Page& page, std::vector<kafka::OutgoingRecord>& records);
  kafka::OutgoingRecord RecordOf(const Page& page, v1::Article article);
  absl::Status EndBatch();
  void ReadBatch();
  // Takes the articles that came since.
  absl::Status CatchUp();
  absl::Status WriteBatch(std::vector<kafka::OutgoingRecord> records);
  // Writes again what another record hides (KnownArticles::Hidden).
  absl::Status Uncover();
  absl::Status WriteAgain(const std::vector<kafka::Record>& records);
  void TellProgress();

  const kafka::ClientOptions& client_;
  const TopicNames& topics_;
  PageReader& reader_;
  const Clock& clock_;
  const ReparseOptions& options_;
  const Say say_;

  std::unique_ptr<kafka::TransactionalProducer> producer_;
  KnownArticles known_;
  // Up to where known_ has the topic.
  TopicEnds articles_read_;
  std::vector<Page> batch_;
  size_t batch_bytes_ = 0;
  ReparseReport report_;
  int64_t expected_ = 0;
  int64_t done_ = 0;
  absl::Time begin_;
  absl::Time told_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_REPARSE_REPARSE_H_
