"""Make the README's picture: a real run with two faults, its report in a real browser.

python -m docs.picture
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PICTURE = Path(__file__).with_name("images") / "report.png"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        certify = str(Path(sys.executable).with_name("certify"))
        faults = ["--fault", "jwt-skip-exp", "--fault", "response-type-drift"]
        subprocess.run([certify, "demo", *faults, "--out", str(run)], check=False)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1180, "height": 1480})
            page.goto(f"file://{run / 'report.html'}")
            page.screenshot(path=PICTURE)
            browser.close()


if __name__ == "__main__":
    main()
