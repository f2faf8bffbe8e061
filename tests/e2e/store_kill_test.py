"""The store through kill -9 while it reads: nothing missing, nothing twice. The long form: tests/benchmark/run store-kill."""
import unittest

import store_kill


class StoreKillTest(unittest.TestCase):
    def test_each_record_counts_once_when_the_store_is_killed(self):
        amid, differences = store_kill.run(rounds=3, records=1500, seed=1)
        self.assertEqual(differences, [])
        self.assertGreaterEqual(amid, 1, "the store was never killed amid reading")


if __name__ == "__main__":
    unittest.main(verbosity=2)
