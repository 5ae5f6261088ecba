"""What a release says of itself: README, citation, Croissant 1.0, DataCite 4. Pure: all from what the release froze."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from projects.exports.columns import Column

LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
}
DATA_TYPES = {"text": "sc:Text", "int": "sc:Integer", "float": "sc:Float", "time": "sc:DateTime"}
SCHEMA = "http://datacite.org/schema/kernel-4"
CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "samplingRate": "cr:samplingRate", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip
"""Of Croissant 1.0, as `mlcroissant` 1.1.1 expects it."""


@dataclass(frozen=True)
class About:
    """project: its slug. site: address of the site, "" where none is known. date: ISO. creators: as they are cited."""

    project: str
    number: int
    title: str
    description: str
    licence: str
    creators: Sequence[str]
    credits: Sequence[str]
    date: str
    site: str
    source: str
    rests_on: Sequence[str]

    @property
    def name(self) -> str:
        return f"{self.title}, release {self.number}"

    @property
    def address(self) -> str:
        return f"{self.site}/projects/{self.project}/releases/#release-{self.number}"


def citation(about: About) -> str:
    who = "; ".join(about.creators)
    where = f" {about.address}" if about.site else ""
    return f"{who} ({about.date[:4]}): {about.name}. Voorwerp. Data set, {about.licence}.{where}"


def readme(about: About, files: Sequence[Mapping[str, Any]]) -> str:
    rows = "".join(f"| `{each['name']}` | {each['rows']:,} | {each['size']:,} |\n" for each in files)
    rests = "".join(f"- {line}\n" for line in about.rests_on)
    source = f"Where the subjects come from: {about.source}\n\n" if about.source else ""
    return (
        f"# {about.name}\n\n{about.description.strip()}\n\n{source}"
        f"Released on {about.date} under {about.licence} ({LICENCES[about.licence]}).\n\n"
        f"Cite it as: {citation(about)}\n\n## Files\n\n| file | rows | bytes |\n|---|---|---|\n{rows}\n"
        "`columns.csv` says what each column of the tables holds. `croissant.json` and `datacite.json` say so to\n"
        "programs and to catalogues of data sets. `CREDITS.md` names the volunteers who wished to be named.\n\n"
        "## What it is\n\n"
        "The answers that count on subjects that were finished, as the record stood at these positions:\n\n"
        f"{rests}\n"
        "Who answers is named by a pseudonym of the project. A cell that a spreadsheet would run as a formula has an\n"
        "apostrophe in front; taking it away from a cell that matches `^'+[=+\\-@\\t\\r]` gives back what was\n"
        "there.\n\n"
        "The checksum of the release is the SHA-256 of `sha256sums.txt`, which lists those of all other files.\n"
    )


def credited(about: About) -> str:
    named = "".join(f"- {name}\n" for name in about.credits) or "Nobody wished to be named.\n"
    return (
        f"# Volunteers\n\nAmong those whose answers are in {about.name}, these wished to be named:\n\n{named}"
    )


def datacite(about: About) -> str:
    """In the JSON of DataCite's schema 4.5: what that makes mandatory, and what we know beside. A DOI is added by who
    registers one: until then the release is known by its address."""
    told = {
        "schemaVersion": SCHEMA,
        "alternateIdentifiers": [{"alternateIdentifier": about.address, "alternateIdentifierType": "URL"}],
        "creators": [{"name": name} for name in about.creators],
        "titles": [{"title": about.name}],
        "publisher": {"name": "Voorwerp"},
        "publicationYear": about.date[:4],
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Citizen-science classifications"},
        "version": str(about.number),
        "dates": [{"date": about.date, "dateType": "Issued"}],
        "rightsList": [{"rightsUri": LICENCES[about.licence], "rightsIdentifier": about.licence}],
        "descriptions": [{"description": about.description or about.name, "descriptionType": "Abstract"}],
        "contributors": [{"name": name, "contributorType": "DataCollector"} for name in about.credits],
    }
    return _json(told)


def croissant(
    about: About, files: Sequence[Mapping[str, Any]], columns: Mapping[str, Sequence[Column[Any]]]
) -> str:
    """files: of tables; columns: by file name. Addresses are those inside the archive."""
    told = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "description": about.description or about.name,
        "url": about.address,
        "license": LICENCES[about.licence],
        "version": f"{about.number}.0.0",
        "datePublished": about.date,
        "citeAs": citation(about),
        "creator": [{"@type": "sc:Person", "name": name} for name in about.creators],
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": each["name"],
                "name": each["name"],
                "contentUrl": each["name"],
                "contentSize": f"{each['size']} B",
                "encodingFormat": "text/csv",
                "sha256": each["sha256"],
            }
            for each in files
        ],
        "recordSet": [_record_set(each["name"], columns[each["name"]]) for each in files],
    }
    return _json(told)


def _record_set(file: str, columns: Sequence[Column[Any]]) -> dict[str, Any]:
    name = file.removesuffix(".csv")
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column.name}",
                "name": column.name,
                "description": column.description,
                "dataType": DATA_TYPES[column.type],
                "source": {"fileObject": {"@id": file}, "extract": {"column": column.name}},
            }
            for column in columns
        ],
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
