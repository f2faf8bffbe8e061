"""Six rounds of faults under load: nothing lost, twice or out of order. The long form: tests/benchmark/run faults."""
import sys
import unittest

import faults


class FaultsTest(unittest.TestCase):
    def test_each_page_has_one_outcome_through_six_faults(self):
        figures, wrong = faults.run(rounds=6, pages=600, seed=7, say=lambda line: print(line, file=sys.stderr, flush=True))
        self.assertEqual(wrong, [])
        self.assertEqual(figures["rounds"], 6)
        self.assertGreaterEqual(figures["pages"], 3600)
        print(figures)


if __name__ == "__main__":
    unittest.main(verbosity=2)
