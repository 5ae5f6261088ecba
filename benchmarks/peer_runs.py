"""What other libraries say, asked for once: answers are kept in var/peers by the content of the file.

So a table can be made again in minutes after our methods change; delete var/peers to ask anew. With PEERS=kept nothing
is asked: what is not kept is left out as "not run".
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "var" / "peers"
PEERS = {
    "MajorityVote": "crowd-kit majority",
    "Wawa": "crowd-kit Wawa",
    "ZeroBasedSkill": "crowd-kit ZeroBasedSkill",
    "DawidSkene": "crowd-kit Dawid-Skene",
    "OneCoinDawidSkene": "crowd-kit one-coin",
    "GLAD": "crowd-kit GLAD",
    "MACE": "crowd-kit MACE",
    "MMSR": "crowd-kit MMSR",
    "panoptes": "panoptes-aggregation",
}


def run_peers(labels: Path, *names: str) -> dict[str, dict[str, Any]]:
    """What each says of a file (see `peers`); nothing where .venv-peers is not there."""
    python = ROOT / ".venv-peers" / "bin" / "python"
    if not python.exists():
        print("no .venv-peers (make peers): the others' columns stay empty")
        return {}
    KEPT.mkdir(parents=True, exist_ok=True)
    content = hashlib.sha256(labels.read_bytes()).hexdigest()[:16]
    found = {}
    for name in names:
        kept = KEPT / f"{content}-{name}.json"
        if not kept.is_file() and os.environ.get("PEERS") == "kept":
            found[name] = {"left_out": "not run"}
            continue
        if not kept.is_file():
            call = [str(python), str(ROOT / "benchmarks" / "peers.py"), str(labels), name]
            said = subprocess.run(call, check=True, capture_output=True, text=True).stdout
            kept.write_text(said)
        found[name] = json.loads(kept.read_text())[name]
    return found
