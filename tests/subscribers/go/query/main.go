// Asks the store: lists page by page, searches, watches and goes on where
// another watch stopped.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	datelinev1 "dateline.example/subscriber/gen/dateline/v1"
)

var (
	store       = flag.String("store", "127.0.0.1:7403", "where the store is")
	filter      = flag.String("filter", "", "only articles under this filter")
	pageSize    = flag.Int("page-size", 50, "articles a page")
	resumeToken = flag.String("resume-token", "", "go on behind this answer of another watch")
	count       = flag.Int("count", 0, "end a watch after so many articles")
)

func list(ctx context.Context, client datelinev1.ArticleStoreServiceClient) error {
	request := &datelinev1.ListArticlesRequest{Filter: *filter, PageSize: int32(*pageSize)}
	for {
		page, err := client.ListArticles(ctx, request)
		if err != nil {
			return err
		}
		for _, article := range page.GetArticles() {
			fmt.Printf("%s\t%s\n", article.GetUid(), article.GetHeadline())
		}
		if request.PageToken = page.GetNextPageToken(); request.PageToken == "" {
			return nil
		}
	}
}

func search(ctx context.Context, client datelinev1.ArticleStoreServiceClient) error {
	found, err := client.SearchArticles(ctx,
		&datelinev1.SearchArticlesRequest{Query: flag.Arg(1), Filter: *filter, PageSize: int32(*pageSize)})
	if err != nil {
		return err
	}
	for _, result := range found.GetResults() {
		snippet := strings.ReplaceAll(result.GetSnippet(), "\n", " ")
		fmt.Printf("%s\t%s\t%s\n", result.GetArticle().GetUid(), result.GetArticle().GetHeadline(), snippet)
	}
	return nil
}

// watch prints with each article the token that goes on behind it.
func watch(ctx context.Context, client datelinev1.ArticleStoreServiceClient) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := client.WatchArticles(ctx, &datelinev1.WatchArticlesRequest{Filter: *filter, ResumeToken: *resumeToken})
	if err != nil {
		return err
	}
	for seen := 0; *count == 0 || seen < *count; {
		answer, err := stream.Recv()
		if err != nil {
			return err
		}
		if article := answer.GetArticle(); article != nil {
			fmt.Printf("%s\t%s\t%s\n", article.GetUid(), article.GetHeadline(), answer.GetResumeToken())
			seen++
		}
	}
	return nil
}

func run() error {
	connection, err := grpc.NewClient(*store, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	client := datelinev1.NewArticleStoreServiceClient(connection)
	switch flag.Arg(0) {
	case "list":
		return list(context.Background(), client)
	case "search":
		return search(context.Background(), client)
	case "watch":
		return watch(context.Background(), client)
	}
	return fmt.Errorf("usage: query [flags] list | search QUERY | watch")
}

func main() {
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
