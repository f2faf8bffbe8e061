"""The broker that Dateline starts tells a partition without a leader from one that was deleted.

Where it doesn't, a broker killed amid a transaction leaves it open for ever in some partition: faults_test.py stages that,
but meets it once in some hundred kills.
"""
import subprocess
import unittest
from pathlib import Path

from local_run import ROOT


class BrokerMendTest(unittest.TestCase):
    def test_a_partition_without_a_leader_is_not_taken_for_a_deleted_one(self):
        class_path = subprocess.run(["bash", "-c", f"root={ROOT}; . {ROOT}/deploy/local/lib.sh; kafka_class_path"],
                                    check=True, capture_output=True, text=True).stdout.strip()
        done = subprocess.run(["java", "-cp", class_path, Path(__file__).with_name("LeaderlessPartition.java")],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual((done.stdout.split(), done.stderr), (["-1", "none"], ""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
