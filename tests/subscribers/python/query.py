"""Asks the store: lists page by page, searches, watches and goes on where another watch stopped."""
import argparse

import grpc
from dateline.v1 import article_store_service_pb2 as store
from dateline.v1.article_store_service_pb2_grpc import ArticleStoreServiceStub


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", default="127.0.0.1:7403")
    parser.add_argument("--filter", default="")
    parser.add_argument("--page-size", type=int, default=50)
    parser.add_argument("--resume-token", default="")
    parser.add_argument("--count", type=int, help="end a watch after so many articles")
    parser.add_argument("what", choices=("list", "search", "watch"))
    parser.add_argument("query", nargs="?", default="")
    return parser.parse_args()


def list_articles(stub, options):
    request = store.ListArticlesRequest(filter=options.filter, page_size=options.page_size)
    while True:
        page = stub.ListArticles(request, timeout=30)
        for article in page.articles:
            print(article.uid, article.headline, sep="\t", flush=True)
        request.page_token = page.next_page_token
        if not request.page_token:
            return


def search(stub, options):
    request = store.SearchArticlesRequest(query=options.query, filter=options.filter, page_size=options.page_size)
    for result in stub.SearchArticles(request, timeout=30).results:
        print(result.article.uid, result.article.headline, result.snippet.replace("\n", " "), sep="\t")


def watch(stub, options):
    """Prints with each article the token that goes on behind it."""
    seen = 0
    stream = stub.WatchArticles(store.WatchArticlesRequest(filter=options.filter, resume_token=options.resume_token))
    for answer in stream:
        if answer.HasField("article"):
            print(answer.article.uid, answer.article.headline, answer.resume_token, sep="\t", flush=True)
            seen += 1
            if seen == options.count:
                stream.cancel()
                return


def main():
    options = arguments()
    with grpc.insecure_channel(options.store) as channel:
        {"list": list_articles, "search": search, "watch": watch}[options.what](ArticleStoreServiceStub(channel), options)


main()
