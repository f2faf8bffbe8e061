"""The cookbook of docs/query.md and the questions of docs/analyze.md, run as they stand there."""
import contextlib
import io
import re
import unittest

from documented import BLOCK, bash, here
from local_run import ROOT, LocalRun, wait_until

QUESTION = re.compile(r"^\*\*(\d+)\. .*?\*\*.*?^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UID = "[0-9a-f]{32}"
ANSWERS = {
    1: r"2026-03-14T06:30:00Z\tRiver Hallow flood", 2: "Harbour fees: what changes", 3: "pt-BR\tCooperativa de Serra Clara",
    4: "Larkmoor council backs.*\nImogen Tarrant\nKofi Adlam", 5: "A library is not a building", 6: "Seetaler Bote\tWie die alte Saline",
    7: r"^\d+\.\d+\tSarwan, Marghan agree.*\u2068", 8: "^Larkmoor council backs", 9: r"^3\ten-GB\n", 10: "2026-03-14\tThe Larkmoor Courier\t1",
    11: "Gull Point", 12: "Weather\tPriya Lennox", 13: "council", 14: r"headline\t\S", 15: '"seen_count": "1"',
    16: rf"^{UID}\t2\tSarwan, Marghan agree", 17: r"^http://127\.0\.0\.1:\d+/de/", 18: rf"^\d+/\d+ \d+ {UID} http://",
    19: r'^uid: "' + UID, 20: rf"(^{UID}\n){{14}}"}


class DocumentsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = LocalRun()
        cls.addClassCleanup(cls.run_.close)
        cls.run_.up()
        wait_until(lambda: cls.run_.grpcurl("ArticleStoreService", "AggregateArticles",
                                            {"groupings": ["AGGREGATE_GROUPING_LANGUAGE"]})[0].get("total_count") == "14",
                   30, "the store's 14 articles")

    def test_the_cookbook_answers_its_questions(self):
        cookbook = (ROOT / "docs/query.md").read_text(encoding="utf-8").split("\n## Cookbook\n")[1]
        tools = BLOCK.search(cookbook)[3]
        questions = {int(number): command for number, command in QUESTION.findall(cookbook)}
        self.assertEqual(sorted(questions), list(range(1, 21)))
        for number, command in questions.items():
            with self.subTest(command):
                done = bash(here(self.run_, tools + command))
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertRegex(done.stdout, re.compile(ANSWERS[number], re.MULTILINE))

    def test_duckdb_answers_the_questions_of_analyze(self):
        output = io.StringIO()
        names = {}
        for language, _, block in BLOCK.findall((ROOT / "docs/analyze.md").read_text(encoding="utf-8")):
            text = here(self.run_, block).replace("build/articles.parquet", str(self.run_.folder / "articles.parquet"))
            with self.subTest(block):
                if language == "sh":
                    done = bash(text)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    continue
                with contextlib.redirect_stdout(output):
                    exec(text, names)
        for row in (r"│ en-GB +│ +3 │", r"│ Apagón +│ Energía +│ +1 │", r"│ publish_time +│ \S+", r"│ 2026-03-08 +│ +2 │ █{8} "):
            self.assertRegex(output.getvalue(), row)


if __name__ == "__main__":
    unittest.main(verbosity=2)
