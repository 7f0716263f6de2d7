"""Counts the texts of texts.json anew with the networks' own counters: `python -m tests.counting` (needs node and npm).

Installs twitter-text and @atproto/api into a folder of the moment; nothing of them stays in the project.
"""

import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = ("twitter-text@3.1.0", "@atproto/api@0.19.19")


def counted(texts: list[str]) -> list[dict[str, object]]:
    """A row of counts for each text, by the real counters."""
    with tempfile.TemporaryDirectory() as folder:
        install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent", *PACKAGES]
        subprocess.run(install, cwd=folder, check=True, capture_output=True)
        script = Path(folder, "reference.mjs")
        script.write_bytes((HERE / "reference.mjs").read_bytes())
        done = subprocess.run(
            ["node", str(script)], cwd=folder, input=json.dumps(texts).encode(), check=True, capture_output=True
        )
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


def main() -> None:
    path = HERE / "texts.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["rows"] = counted([row["text"] for row in data["rows"]])
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in data["rows"])
    head = json.dumps({"made": data["made"], "with": list(PACKAGES)}, ensure_ascii=False)[:-1]
    path.write_text(f'{head}, "rows": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
