"""Services rolled one behind the other under load: nothing lost. The long form: tests/benchmark/run upgrade."""
import shutil
import sys
import tempfile
import unittest

import upgrade
from local_run import BIN


class UpgradeTest(unittest.TestCase):
    def test_each_page_has_one_outcome_while_services_are_rolled(self):
        # The same programs elsewhere: what an earlier build's differ in is for the long form to find.
        old = tempfile.TemporaryDirectory()
        self.addCleanup(old.cleanup)
        for program in ("dateline-fetcher", "dateline-parser", "dateline-store"):
            shutil.copy(BIN / program, old.name)
        figures, wrong = upgrade.run(old.name, "down the stream", pages=300, seed=7,
                                     say=lambda line: print(line, file=sys.stderr, flush=True))
        self.assertEqual(wrong, [])
        self.assertEqual(figures["rounds"], 6, figures)
        self.assertGreaterEqual(figures["pages"], 1800, figures)


if __name__ == "__main__":
    unittest.main(verbosity=2)
