"""`make demo` shows what it says: a minor let through, a break caught twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_demo_comes_out_as_it_should() -> None:
    ran = subprocess.run([sys.executable, "docs/demo.py"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1.6.0 → 1.7.0 (minor)" in ran.stdout
    assert "commit blocked: 1 breaking change" in ran.stderr
    assert "accepted by 1.6.0, refused by 1.7.0:" in ran.stdout
    assert '"bet_id": "b_001"' in ran.stdout
