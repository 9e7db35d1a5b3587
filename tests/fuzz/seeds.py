"""Writes what fuzzing begins with: the inputs of the scenarios, reader by reader, and the real exports where TENANTGRAPH_REAL_DATA names them.

`seeds.py READER FOLDER DICTIONARY` fills the folder, and the file with the words that stand in the inputs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent
#: Where the real exports of a reader lie; other readers take the folder of their own name.
REAL = {
    "google-cloud-asset-inventory": ["gcp"],
    "kubernetes": ["k8s"],
    "entra": ["azure"],
    "github": ["cicd"],
    "gitlab": ["cicd"],
    "leaks": ["secretscan"],
    "openai": ["saas"],
    "modernisation-platform": ["tenants"],
}
#: The most bytes of a seed, and of all of them.
MOST = 300_000
WORDS = 2_000


def main() -> None:
    reader, folder, dictionary = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    seeds = [seed for seed in (*of_scenarios(reader), *real(reader)) if 0 < len(seed) <= MOST]
    for seed in seeds:
        (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words = Counter(word for seed in seeds for word in set(re.findall(rb"[A-Za-z_:$@./-]{3,40}", seed)))
    lines = [f'"{word.decode()}"' for word, _ in words.most_common(WORDS)]
    dictionary.write_text("\n".join(lines) + "\n")
    print(f"{reader}: {len(seeds)} seeds, {len(lines)} words")


def of_scenarios(reader: str) -> list[bytes]:
    if reader == "snapshot":
        return [path.read_bytes() for path in sorted((TESTS / "data").rglob("*.snapshot"))]
    seeds = []
    for path in sorted((TESTS / "scenarios").glob("*.json")):
        for scenario in json.loads(path.read_text()):
            inputs = [(given["name"], content(given, path)) for given in scenario.get("inputs", [])]
            if reader == "labels":
                seeds += [content(given, path) for given in scenario.get("labels", [])]
            elif reader == "policy":
                seeds += [json.dumps(scenario["policy"]).encode()] if isinstance(scenario.get("policy"), dict) else []
            elif reader == "changes":
                asked = [question.get("options", {}).get("changes") for question in scenario.get("ask", [])]
                seeds += [json.dumps(changes).encode() for changes in asked if changes]
            elif reader == "detect" or path.name.startswith(f"importer-{reader}") or (reader == "tenantgraph" and path.name.startswith("rule-")):
                seeds.append(b"".join(b"\x1e" + name.encode() + b"\n" + text for name, text in inputs))
    return seeds


def content(given: dict[str, Any], path: Path) -> bytes:
    if "file" in given:
        return (path.parent / given["file"]).read_bytes()
    return given["content"].encode() if isinstance(given["content"], str) else json.dumps(given["content"]).encode()


def real(reader: str) -> list[bytes]:
    top = os.environ.get("TENANTGRAPH_REAL_DATA")
    folders = [Path(top) / name for name in REAL.get(reader, [reader])] if top else []
    files = [file for folder in folders if folder.is_dir() for file in sorted(folder.rglob("*")) if file.is_file()]
    return [b"\x1e" + str(file.relative_to(top)).encode() + b"\n" + file.read_bytes() for file in files if top]


if __name__ == "__main__":
    main()
