"""`make demo`: the gate on the real contracts, then a short history in which a break is caught.

Everything happens in a temporary repository; this one is only read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
API = Path("contracts/provider-api/v1")
BETS = API / "schemas/bets.yaml"
TREATY = Path(sys.executable).with_name("treaty")
_BONUS_STATE = """\
    bonus_state:
      description: >-
        The bonus play of this round, since 1.7.0. When it is left out the platform uses the state it knows; from v2
        on it has to be sent.
      $ref: '#/BonusState'
"""
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith("GIT_") and name != "TREATY_TODAY"
} | {
    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
    "PATH": f"{TREATY.parent}{os.pathsep}{os.environ.get('PATH', '')}",
}  # fmt: skip
_COLOR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def main() -> int:
    """Play the history. Ends with 0 when every step came out as it should, else 1."""
    with tempfile.TemporaryDirectory(prefix="treaty-demo-") as folder:
        demo = Demo(Path(folder))
        demo.the_contracts_as_they_are()
        demo.a_compatible_minor()
        demo.a_break_meets_the_hook()
        demo.a_break_meets_the_pull_request()
        demo.what_next()
        return 1 if demo.surprises else 0


class Demo:
    """One scratch repository, and the steps played in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.surprises = 0
        shutil.copytree(ROOT / "contracts", folder / "contracts")
        shutil.copy(ROOT / "treaty.yaml", folder / "treaty.yaml")
        self._quietly("git", "init", "--quiet", "--initial-branch", "main")

    def the_contracts_as_they_are(self) -> None:
        self._title("1. The contracts of a real platform, at 1.6.0")
        self._edit(API / "openapi.yaml", "version: 1.7.0", "version: 1.6.0")
        self._edit(BETS, _BONUS_STATE, "")
        self._commit("Provider API 1.6.0")
        self._quietly(str(TREATY), "hook", "install")
        self._quietly("git", "checkout", "--quiet", "-b", "next")
        self._show("treaty", "check", expect=0)

    def a_compatible_minor(self) -> None:
        self._title("2. 1.7.0 adds an optional `bonus_state` to settle: a minor, and it is allowed")
        self._edit(API / "openapi.yaml", "version: 1.6.0", "version: 1.7.0")
        self._edit(BETS, "\nBetSettleResult:", f"{_BONUS_STATE}\nBetSettleResult:", tidy=True)
        self._show("git", "commit", "--quiet", "--all", "--message", "1.7.0: bonus state in settle", expect=0)
        self._show("treaty", "check", "--verbose", expect=0)

    def a_break_meets_the_hook(self) -> None:
        self._title("3. Somebody renames `amount` of a bet to `stake`. The hook stops the commit")
        required = "required: [session_id, bet_id, round_id, {}]"
        self._edit(BETS, required.format("amount"), required.format("stake"))
        self._edit(BETS, "    amount:\n      description: The stake,", "    stake:\n      description: The stake,")
        self._show("git", "commit", "--quiet", "--all", "--message", "Call it what it is", expect=1)

    def a_break_meets_the_pull_request(self) -> None:
        self._title("4. The pull-request check says who breaks, with a message that breaks")
        self._show("treaty", "check", expect=1)

    def what_next(self) -> None:
        self._title("What to try next")
        print("  treaty explain required-property-removed   who breaks, and the safe path")
        print("  treaty diff contracts/provider-api/v1/openapi.yaml contracts/provider-api/v2/openapi.yaml")
        print("  treaty rules                               everything it looks for")
        print("  README.md                                  install, hook, pull requests, registry")
        if self.surprises:
            print(f"\n{self.surprises} step(s) did not come out as they should")

    def _title(self, text: str) -> None:
        print(f"\n\033[1m{text}\033[0m\n" if _COLOR else f"\n{text}\n", flush=True)

    def _edit(self, path: Path, old: str, new: str, *, tidy: bool = False) -> None:
        file = self.folder / path
        text = file.read_text("utf-8")
        if old not in text:
            raise SystemExit(f"the demo expects {old!r} in {path}")
        text = text.replace(old, new, 1)
        first = new.partition("\n")[0]
        file.write_text(text.replace(f"\n\n{first}", f"\n{first}") if tidy else text, "utf-8")

    def _commit(self, message: str) -> None:
        self._quietly("git", "add", "--all")
        self._quietly("git", "commit", "--quiet", "--no-verify", "--message", message)

    def _quietly(self, *command: str) -> None:
        subprocess.run(command, cwd=self.folder, env=_ENVIRONMENT, check=True, capture_output=True)

    def _show(self, *command: str, expect: int) -> None:
        shown = " ".join(f'"{part}"' if " " in part else part for part in command)
        print(f"\033[36m$ {shown}\033[0m" if _COLOR else f"$ {shown}", flush=True)
        asked = [str(TREATY) if part == "treaty" else part for part in command]
        if command[0] == "treaty" and command[1] != "explain" and _COLOR:
            asked += ["--color", "always"]
        ended = subprocess.run(asked, cwd=self.folder, env=_ENVIRONMENT, check=False)
        if ended.returncode != expect:
            self.surprises += 1
            print(f"(ended with {ended.returncode}, expected {expect})")


if __name__ == "__main__":
    sys.exit(main())
