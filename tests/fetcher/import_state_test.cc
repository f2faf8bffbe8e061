#include "fetcher/core/warc/import_state.h"

#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

const WarcFileIdentity kFile = {"a/b.warc.gz", 1000, "digest"};
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

WarcRecord At(int64_t offset, int64_t index = 0) {
  WarcRecord record;
  record.offset = offset;
  record.index_in_member = index;
  return record;
}

TEST(ImportStateTest, BeginsAtTheStart) {
  const ImportState state(kFile, std::nullopt);
  EXPECT_EQ(state.start_offset(), 0);
  EXPECT_EQ(state.records(), 0);
  EXPECT_FALSE(state.is_finished());
}

TEST(ImportStateTest, GoesOnBehindTheLastRecord) {
  ImportState first(kFile, std::nullopt);
  EXPECT_TRUE(first.Take(At(0), {}));
  first.CountSkip("type_warcinfo");
  EXPECT_TRUE(first.Take(At(300, 0), {}));
  first.CountPage();
  EXPECT_TRUE(first.Take(At(300, 1), {}));
  first.CountPage();

  ImportState second(kFile, first.Snapshot(kNow));
  EXPECT_EQ(second.start_offset(), 300);
  EXPECT_FALSE(second.Take(At(300, 0), {}));
  EXPECT_FALSE(second.Take(At(300, 1), {}));
  EXPECT_TRUE(second.Take(At(300, 2), {}));
  second.CountPage();
  EXPECT_EQ(second.records(), 4);
  EXPECT_EQ(second.Progress(400).pages(), 3);
  EXPECT_EQ(second.Progress(400).resumed_at(), 300);
}

TEST(ImportStateTest, CountsWhatTheReaderSkippedOnce) {
  ImportState first(kFile, std::nullopt);
  EXPECT_TRUE(first.Take(At(0), {}));
  EXPECT_TRUE(first.Take(At(300), {{"corrupt_compression", 2}}));
  first.CountSkip("http_404");

  // Reading again from 300, the reader finds one of the two again.
  ImportState second(kFile, first.Snapshot(kNow));
  EXPECT_FALSE(second.Take(At(300), {{"corrupt_compression", 1}}));
  EXPECT_TRUE(second.Take(At(500), {{"corrupt_compression", 1}}));
  second.Finish({{"corrupt_compression", 1}, {"truncated_record", 1}});
  EXPECT_THAT(
      second.Progress(0).skipped(),
      UnorderedElementsAre(Pair("corrupt_compression", 2), Pair("http_404", 1),
                           Pair("truncated_record", 1)));
}

TEST(ImportStateTest, SaysThatAnEarlierCallHasFinished) {
  ImportState first(kFile, std::nullopt);
  EXPECT_TRUE(first.Take(At(0), {}));
  first.CountPage();
  EXPECT_EQ(first.Progress(7).state(), v1::IMPORT_STATE_RUNNING);
  EXPECT_EQ(first.Progress(7).bytes_read(), 7);
  first.Finish({});
  EXPECT_EQ(first.Progress(7).state(), v1::IMPORT_STATE_FINISHED);

  const ImportState second(kFile, first.Snapshot(kNow));
  EXPECT_TRUE(second.is_finished());
  v1::ImportWarcResponse expected;
  expected.set_bytes_read(1000);
  expected.set_bytes_total(1000);
  expected.set_pages(1);
  expected.set_state(v1::IMPORT_STATE_ALREADY_FINISHED);
  expected.set_resumed_at(1000);
  EXPECT_TRUE(MessageDifferencer::Equals(second.Progress(0), expected))
      << second.Progress(0).DebugString();
}

TEST(ImportStateTest, AnotherFileOfTheNameBeginsAnew) {
  ImportState first(kFile, std::nullopt);
  EXPECT_TRUE(first.Take(At(300), {}));
  first.Finish({});
  for (const WarcFileIdentity& file :
       {WarcFileIdentity{"a/b.warc.gz", 1001, "digest"},
        WarcFileIdentity{"a/b.warc.gz", 1000, "other"}}) {
    const ImportState second(file, first.Snapshot(kNow));
    EXPECT_FALSE(second.is_finished());
    EXPECT_EQ(second.start_offset(), 0);
    EXPECT_EQ(second.Snapshot(kNow).size_bytes(), file.size_bytes);
  }
}

}  // namespace
}  // namespace dateline::fetcher
