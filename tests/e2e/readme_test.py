"""Every command of README.md, run as it stands there, on ports and in a folder of its own."""
import re
import subprocess
import sys
import tempfile
import threading
import unittest

from documented import BLOCK, bash, here
from local_run import ROOT, LocalRun

README = (ROOT / "README.md").read_text(encoding="utf-8")


class ReadmeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = LocalRun()
        cls.addClassCleanup(cls.run_.close)

    def here(self, text):
        return here(self.run_, text)

    def test_commands(self):
        aliases = ""
        for language, untested, block in BLOCK.findall(README):
            if language != "sh" or untested:
                continue
            command = self.here(block)
            if command.startswith("alias"):
                aliases += command
                continue
            if "deploy/local/down" in command:
                self.check_python()
            with self.subTest(block):
                done = bash(f"{aliases}\n{command}")
                if "WatchArticles" in block:
                    self.assertRegex(done.stdout, "resume_?[tT]oken")
                else:
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr + self.run_.logs())
                    self.assertGreater(len(done.stdout.strip()), 20)
        self.assertFalse((self.run_.state / "pids/kafka").exists())

    def generate_python(self, folder):
        """Runs the protoc command beside the program, with its output in `folder`."""
        command, = re.findall(r"`(protoc [^`]+)`", README)
        self.assertIn(" --python_out=. ", command)
        subprocess.run(["bash", "-e", "-c", command.replace("--python_out=.", f"--python_out={folder}")], cwd=ROOT, check=True)

    def check_python(self):
        """The ten lines of Python print a line an article."""
        (_, _, program), = [m for m in BLOCK.findall(README) if m[0] == "python"]
        self.assertLessEqual(len([line for line in program.splitlines() if line.strip()]), 12)
        with tempfile.TemporaryDirectory() as protos:
            self.generate_python(protos)
            reader = subprocess.Popen([sys.executable, "-c", self.here(program)], env={"PYTHONPATH": protos},
                                      stdout=subprocess.PIPE, text=True)
            timer = threading.Timer(30, reader.kill)
            timer.start()
            lines = [reader.stdout.readline() for _ in range(14)]
            timer.cancel()
            reader.kill()
            reader.wait()
            reader.stdout.close()
        self.assertTrue(all(lines), "fewer than 14 articles within 30 s")
        self.assertTrue(any("Lohar" in line for line in lines), lines)


if __name__ == "__main__":
    unittest.main(verbosity=2)
