"""A broker of three killed under load, and another once it is back: nothing lost, twice or out of order."""
import sys
import unittest

import cluster


class ClusterTest(unittest.TestCase):
    def test_each_page_has_one_outcome_while_brokers_are_killed_in_turn(self):
        figures, wrong = cluster.run(rounds=1, seed=7, say=lambda line: print(line, file=sys.stderr, flush=True))
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(figures["pages"], 1000)
        print(figures)


if __name__ == "__main__":
    unittest.main(verbosity=2)
