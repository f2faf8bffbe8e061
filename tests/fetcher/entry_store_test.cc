#include "fetcher/core/entry_store.h"

#include <map>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

v1::UrlEntry Entry(int number, int revision) {
  v1::UrlEntry entry;
  entry.set_url(absl::StrCat("http://news.example/story/", number));
  entry.set_last_reason("The page was received.");
  entry.set_etag(absl::StrCat("\"", number * 7919, "\""));
  entry.set_revision(revision);
  return entry;
}

TEST(EntryStoreTest, IsEmptyNowhere) {
  EntryStore store;
  EXPECT_EQ(store.Get({}).SerializeAsString(), "");
  store.Remove({});
}

TEST(EntryStoreTest, GivesBackWhatWasPut) {
  EntryStore store;
  std::vector<EntryStore::Place> places;
  for (int i = 0; i < 1000; ++i) places.push_back(store.Put(Entry(i, 1)));
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(store.Get(places[static_cast<size_t>(i)]).SerializeAsString(),
              Entry(i, 1).SerializeAsString());
  }
  EXPECT_LT(store.bytes(), 1000 * Entry(0, 1).ByteSizeLong() / 3);
}

TEST(EntryStoreTest, TakesEntriesLargerThanABlock) {
  EntryStore store;
  v1::UrlEntry large = Entry(1, 1);
  large.mutable_hints()->set_description(std::string(100'000, 'x'));
  const EntryStore::Place place = store.Put(large);
  const EntryStore::Place small = store.Put(Entry(2, 1));
  EXPECT_EQ(store.Get(place).SerializeAsString(), large.SerializeAsString());
  EXPECT_EQ(store.Get(small).url(), Entry(2, 1).url());
}

// As FrontierPartition uses it.
TEST(EntryStoreTest, StaysSmallAsEntriesAreReplaced) {
  EntryStore store;
  std::map<std::string, EntryStore::Place> places;
  std::mt19937 random(1);
  constexpr int kUrls = 500;
  for (int revision = 1; revision <= 20'000; ++revision) {
    const v1::UrlEntry entry =
        Entry(static_cast<int>(random() % kUrls), revision);
    EntryStore::Place& place = places[entry.url()];
    store.Remove(place);
    place = store.Put(entry);
    EXPECT_EQ(store.Get(place).revision(), revision);
    for (const v1::UrlEntry& kept : store.TakeSparse()) {
      EntryStore::Place& moved = places.at(kept.url());
      EXPECT_EQ(store.Get(moved).SerializeAsString(), kept.SerializeAsString());
      store.Remove(moved);
      moved = store.Put(kept);
    }
  }
  EXPECT_LT(store.bytes(), 2 * kUrls * Entry(0, 1).ByteSizeLong());
  for (const auto& [url, place] : places)
    EXPECT_EQ(store.Get(place).url(), url);
  for (const auto& [url, place] : places) store.Remove(place);
  EXPECT_EQ(store.bytes(), 0U);
}

}  // namespace
}  // namespace dateline::fetcher
