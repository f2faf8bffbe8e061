// Prints a line for each article on the topic, and commits what it has printed.
//
// Records of aborted transactions are passed by. What is shown twice after a
// crash is what was printed but not committed; uid and version tell it.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	datelinev1 "dateline.example/subscriber/gen/dateline/v1"
)

var (
	brokers   = flag.String("brokers", "127.0.0.1:9092", "where Kafka is")
	group     = flag.String("group", "my-readers", "the consumer group")
	publisher = flag.String("publisher", "", "only of this publisher")
	language  = flag.String("language", "", "only in this language, a BCP 47 tag")
	since     = flag.String("since", "", "begin at this time (RFC 3339) where the group is new")
	idle      = flag.Float64("idle", 0, "end after as many seconds without a record")
	asJSON    = flag.Bool("json", false, "print articles as JSON")
)

func beginning() (kgo.Offset, error) {
	if *since == "" {
		return kgo.NewOffset().AtStart(), nil
	}
	t, err := time.Parse(time.RFC3339, *since)
	return kgo.NewOffset().AfterMilli(t.UnixMilli()), err
}

func wanted(article *datelinev1.Article) bool {
	return (*publisher == "" || article.GetPublisher().GetName() == *publisher) &&
		(*language == "" || article.GetLanguage().GetTag() == *language)
}

func line(article *datelinev1.Article) (string, error) {
	if !*asJSON {
		day := article.GetPublishTime().GetTime().AsTime().Format(time.DateOnly)
		return strings.Join([]string{day, article.GetPublisher().GetName(), article.GetHeadline()}, "\t"), nil
	}
	fields, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(article)
	if err != nil {
		return "", err
	}
	wire, err := proto.Marshal(article)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"article": json.RawMessage(fields), "wire": base64.StdEncoding.EncodeToString(wire)})
	return string(text), err
}

func show(record *kgo.Record) error {
	if record.Value == nil { // The article was taken back.
		return nil
	}
	article := &datelinev1.Article{}
	if err := proto.Unmarshal(record.Value, article); err != nil {
		return fmt.Errorf("%s %d/%d: %w", record.Topic, record.Partition, record.Offset, err)
	}
	if !wanted(article) {
		return nil
	}
	text, err := line(article)
	if err == nil {
		fmt.Println(text)
	}
	return err
}

// poll returns the next records; none after the idle time.
func poll(client *kgo.Client) ([]*kgo.Record, error) {
	ctx, cancel := context.Background(), func() {}
	if *idle > 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(*idle*float64(time.Second)))
	}
	defer cancel()
	fetches := client.PollFetches(ctx)
	if err := fetches.Err(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	return fetches.Records(), nil
}

func run() error {
	begin, err := beginning()
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(*brokers), kgo.ConsumerGroup(*group), kgo.ConsumeTopics("dateline.articles"),
		kgo.ConsumeResetOffset(begin), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.DisableAutoCommit())
	if err != nil {
		return err
	}
	defer client.Close()
	for {
		records, err := poll(client)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, record := range records {
			if err := show(record); err != nil {
				return err
			}
		}
		if err := client.CommitUncommittedOffsets(context.Background()); err != nil {
			return err
		}
	}
}

func main() {
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
