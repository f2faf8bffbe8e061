import dateline.v1.ArticleStoreServiceGrpc;
import dateline.v1.ArticleStoreServiceGrpc.ArticleStoreServiceBlockingStub;
import dateline.v1.ListArticlesRequest;
import dateline.v1.ListArticlesResponse;
import dateline.v1.SearchArticlesRequest;
import dateline.v1.WatchArticlesRequest;
import dateline.v1.WatchArticlesResponse;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/** Asks the store: lists page by page, searches, watches and goes on where another watch stopped. */
public final class Query {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] arguments) {
    Flags flags = new Flags(arguments);
    ManagedChannel channel =
        Grpc.newChannelBuilder(flags.get("--store", "127.0.0.1:7403"), InsecureChannelCredentials.create()).build();
    ArticleStoreServiceBlockingStub store = ArticleStoreServiceGrpc.newBlockingStub(channel);
    try {
      switch (flags.words.isEmpty() ? "" : flags.words.get(0)) {
        case "list" -> list(store, flags);
        case "search" -> search(store, flags);
        case "watch" -> watch(store, flags);
        default -> throw new IllegalArgumentException("usage: Query [flags] list | search QUERY | watch");
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static int pageSize(Flags flags) {
    return Integer.parseInt(flags.get("--page-size", "50"));
  }

  private static void list(ArticleStoreServiceBlockingStub store, Flags flags) {
    ListArticlesRequest.Builder request =
        ListArticlesRequest.newBuilder().setFilter(flags.get("--filter", "")).setPageSize(pageSize(flags));
    do {
      ListArticlesResponse page = store.listArticles(request.build());
      page.getArticlesList().forEach(article -> OUT.println(article.getUid() + "\t" + article.getHeadline()));
      request.setPageToken(page.getNextPageToken());
    } while (!request.getPageToken().isEmpty());
  }

  private static void search(ArticleStoreServiceBlockingStub store, Flags flags) {
    SearchArticlesRequest request =
        SearchArticlesRequest.newBuilder()
            .setQuery(flags.words.get(1))
            .setFilter(flags.get("--filter", ""))
            .setPageSize(pageSize(flags))
            .build();
    store.searchArticles(request).getResultsList().forEach(
        result ->
            OUT.println(
                result.getArticle().getUid() + "\t" + result.getArticle().getHeadline() + "\t"
                    + result.getSnippet().replace('\n', ' ')));
  }

  /** Prints with each article the token that goes on behind it. */
  private static void watch(ArticleStoreServiceBlockingStub store, Flags flags) {
    int left = Integer.parseInt(flags.get("--count", "-1"));
    WatchArticlesRequest request =
        WatchArticlesRequest.newBuilder()
            .setFilter(flags.get("--filter", ""))
            .setResumeToken(flags.get("--resume-token", ""))
            .build();
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Context before = context.attach();
      Iterator<WatchArticlesResponse> answers = store.watchArticles(request);
      while (left != 0 && answers.hasNext()) {
        WatchArticlesResponse answer = answers.next();
        if (answer.hasArticle()) {
          OUT.println(
              answer.getArticle().getUid() + "\t" + answer.getArticle().getHeadline() + "\t" + answer.getResumeToken());
          left--;
        }
      }
      context.detach(before);
    }
  }

  private Query() {}
}
