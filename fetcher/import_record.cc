#include "fetcher/import_record.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fetcher/uuid.h"

namespace dateline::fetcher {
namespace {

constexpr int32_t kPartition = 0;
constexpr char kImportPrefix[] = "import/";
constexpr char kClaimPrefix[] = "claim/";
constexpr absl::Duration kBrokerTimeout = absl::Seconds(10);
constexpr absl::Duration kPollWait = absl::Milliseconds(200);
// A claim is read behind the transactions of other imports, which last a second
// or so. That of an import that crashed lasts to the broker's timeout for it,
// which may be longer: then the caller tries again.
constexpr absl::Duration kClaimTimeout = absl::Seconds(30);
constexpr size_t kMaxPolled = 1000;

absl::Status Claim(const std::string& topic, const std::string& claim,
                   kafka::TransactionalProducer& producer) {
  absl::Status status = producer.Begin();
  if (status.ok()) {
    status = producer.Produce({topic, kPartition, claim, std::nullopt, {}});
  }
  return status.ok() ? producer.Commit() : status;
}

std::optional<v1::WarcImport> ImportOf(const kafka::Record& record) {
  v1::WarcImport import;
  if (!record.value.has_value() || !import.ParseFromString(*record.value)) {
    return std::nullopt;
  }
  return import;
}

}  // namespace

kafka::OutgoingRecord ImportRecord(const std::string& topic,
                                   const v1::WarcImport& import) {
  return {topic,
          kPartition,
          absl::StrCat(kImportPrefix, import.name()),
          import.SerializeAsString(),
          {}};
}

// The topic is read from its beginning up to a record of our own: behind it
// there is none of this file, since older producers are fenced, and before it
// no transaction is undecided. Its end alone would not do, since consumers of
// committed records find it before the first open transaction of any import.
absl::StatusOr<std::optional<v1::WarcImport>> ReadImport(
    const std::string& topic, const std::string& name,
    kafka::Consumer& consumer, kafka::TransactionalProducer& producer,
    const ImportListener& listener) {
  const absl::StatusOr<int32_t> count =
      consumer.PartitionCount(topic, kBrokerTimeout);
  if (!count.ok()) {
    return absl::UnavailableError(absl::StrCat(
        "The topic ", topic, " can't be read: ", count.status().message()));
  }
  const std::string claim = absl::StrCat(kClaimPrefix, NewUuid());
  absl::Status status = Claim(topic, claim, producer);
  if (status.ok()) {
    status = consumer.Assign({{{topic, kPartition}, kafka::kOffsetBeginning}});
  }
  if (!status.ok()) return status;
  const std::string key = absl::StrCat(kImportPrefix, name);
  std::optional<v1::WarcImport> found;
  const absl::Time deadline = absl::Now() + kClaimTimeout;
  while (absl::Now() < deadline) {
    if (listener.IsGone()) return absl::CancelledError("The caller is gone.");
    const absl::StatusOr<kafka::PollResult> polled =
        consumer.Poll(kMaxPolled, kPollWait);
    if (!polled.ok()) {
      if (absl::IsUnavailable(polled.status())) continue;
      return absl::UnavailableError(polled.status().message());
    }
    for (const kafka::Record& record : polled->records) {
      if (record.key == claim) return found;
      if (record.key == key) found = ImportOf(record);
    }
  }
  return absl::UnavailableError(
      absl::StrCat("The topic ", topic, " was not read to its end in time."));
}

}  // namespace dateline::fetcher
