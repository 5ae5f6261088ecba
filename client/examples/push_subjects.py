"""Every night: the pictures of a folder into a project. What is there already is brought up to date, never doubled.

    python push_subjects.py https://voorwerp.example vw_... deep-field pictures/

Beside each NAME.png may lie NAME.json: {"metadata": {...}, "attributes": {...}}.
"""

import json
import sys
from pathlib import Path
from typing import Any

from voorwerp_client import Site

AT_ONCE = 100


def push(site: Site, project: str, folder: Path, subject_set: str = "all") -> dict[str, int]:
    """How many were added, and how many were known."""
    pictures = sorted(folder.glob("*.png"))
    done = {"added": 0, "known": 0}
    for start in range(0, len(pictures), AT_ONCE):
        subjects = [_subject(site, project, each) for each in pictures[start : start + AT_ONCE]]
        told = site.post(f"projects/{project}/subjects", {"subject_set": subject_set, "subjects": subjects})
        done = {name: done[name] + told[name] for name in done}
    return done


def _subject(site: Site, project: str, picture: Path) -> dict[str, Any]:
    beside = picture.with_suffix(".json")
    more = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    return {"name": picture.stem, "media": [site.upload(project, picture.read_bytes())], **more}


if __name__ == "__main__":
    address, token, project, folder = sys.argv[1:]
    print(push(Site(address, token), project, Path(folder)))
