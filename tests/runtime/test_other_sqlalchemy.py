"""The runtime with the other SQLAlchemy: requirements.txt pins 2.0 and 2.1, each for some versions of Python."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = ("test_address.py", "test_engine.py", "test_iam.py", "test_warming.py")
PIN = re.compile(r"^sqlalchemy==(\S+)", re.MULTILINE)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="SQLAlchemy 2.1 needs Python 3.11")
def test_the_runtime_passes_its_tests_with_the_other_sqlalchemy_too(tmp_path: Path) -> None:
    """Installed beside the environment, and before it on the path."""
    pins = PIN.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert {pin.rpartition(".")[0] for pin in pins} == {"2.0", "2.1"}
    (other,) = set(pins) - {version("sqlalchemy")}
    target = tmp_path / "sqlalchemy"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--root-user-action=ignore",
    ]
    subprocess.run([*pip, "--no-deps", "--target", str(target), f"sqlalchemy=={other}"], check=True, timeout=120)
    program = f"""
import sys
sys.path.insert(0, {str(target)!r})
import pytest, sqlalchemy
assert sqlalchemy.__version__ == {other!r}
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""
    tests = [str(Path(__file__).with_name(name)) for name in TESTS]
    run = subprocess.run(
        [sys.executable, "-c", program, *tests], cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
