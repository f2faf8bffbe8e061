"""tests/benchmark/run upgrade: from an earlier commit to this one under load, in both orders, and whether anything is lost."""
import argparse
import os
import subprocess
import sys
from pathlib import Path

import printing

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))
import upgrade  # noqa: E402

UNITS = {"rounds": "steps", "articles": "articles", "differences": "differences"}
PROGRAMS = ("dateline-fetcher", "dateline-parser", "dateline-store")


def build(revision):
    """The folder of an earlier commit's programs, built where that is not done yet."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(ROOT), *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    commit = git("rev-parse", "--verify", f"{revision}^{{commit}}")
    tree = ROOT / "build/upgrade" / commit
    if not tree.exists():
        git("worktree", "add", "--detach", str(tree), commit)
    (tree / "build").mkdir(exist_ok=True)
    if not (tree / "build/deps").exists():
        (tree / "build/deps").symlink_to((ROOT / "build/deps").resolve())
    for command in (["cmake", "--preset", "release"], ["cmake", "--build", "build/release", "--target", *PROGRAMS]):
        printing.say(f"{commit[:12]}: {' '.join(command)}")
        subprocess.run(command, check=True, cwd=tree, stdout=sys.stderr)
    return tree / "build/release/bin"


def main():
    parser = argparse.ArgumentParser(prog="tests/benchmark/run upgrade")
    old = parser.add_mutually_exclusive_group(required=True)
    old.add_argument("--from", dest="revision", metavar="REV", help="the earlier commit, which is built")
    old.add_argument("--old_bin", type=Path, metavar="DIR", help="its programs")
    parser.add_argument("--pages", type=int, default=2000, help="new pages amid each step")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    folder = build(arguments.revision) if arguments.revision else arguments.old_bin
    for program in PROGRAMS:
        if not os.access(folder / program, os.X_OK):
            parser.error(f"{folder} has no {program}")
    failed = False
    for order in upgrade.ORDERS:
        printing.say(f"{order}: {', '.join(upgrade.ORDERS[order])}")
        figures, wrong = upgrade.run(folder, order, arguments.pages, arguments.seed, say=printing.say)
        for line in wrong[:20]:
            printing.say(line[:500])
        for figure, value in figures.items():
            printing.show(f"upgrade.{order.split()[0]}.{figure}", value, UNITS.get(figure, "pages"))
        failed = failed or bool(wrong)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
