"""Records and curation → fixtures.

Pure files to files: the taxonomy, the sources and their curation go in, Django fixtures come out,
with natural keys, in stable order, the same bytes each time. Every judgement is a person's and
stands in the curation; every quoted word is cut from the source.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from recommendations.curation import Curation, CurationError, Source, read_curation
from recommendations.fixture_rows import (
    Row,
    document_fields,
    iso,
    naming,
    of_source,
    once,
    reference,
    review_fields,
    review_start,
    row,
    source_body,
    stakeholder_fields,
    stamp,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Who may speak in the log, from what kind of stakeholder they are.
ROLE_OF_KIND = {
    "state": "state",
    "ngo": "civil_society",
    "joint_submission": "civil_society",
    "coalition": "civil_society",
    "nhri": "nhri",
    "un_body": "un_body",
    "committee": "un_body",
    "regional_body": "un_body",
    "tracker": "tracker",
}
# This tracker as an assessor.
TRACKER: Row = {
    "slug": "tracker",
    "name": "Recommendation Tracker",
    "acronym": "",
    "kind": "tracker",
    "published": True,
    "note": "The editors of this tracker, reading the documents it holds. See the methodology.",
}


@dataclass
class Builder:
    """Holds what has been built so far, so that every relation can be checked as it is written."""

    curation: Curation
    taxonomy: dict[str, Any]
    issue_paths: dict[str, str] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    stakeholders: dict[str, Row] = field(default_factory=dict)
    acronyms: dict[tuple[str, str], str] = field(default_factory=dict)
    recommendations: dict[str, str] = field(default_factory=dict)
    responses: dict[str, str] = field(default_factory=dict)
    links: list[Row] = field(default_factory=list)

    def files(self) -> Iterator[tuple[str, list[Row]]]:
        """Each fixture file's name and rows, in the order in which they must be loaded."""
        yield "01_taxonomy.json", list(self.taxonomy_rows())
        yield "02_sources.json", list(self.source_rows())
        yield "03_stakeholders.json", list(self.stakeholder_rows())
        yield "04_recommendations.json", list(self.recommendation_rows())
        yield "05_responses.json", list(self.response_rows())
        yield "06_chains.json", list(self.chain_rows())
        yield "07_follow_up.json", list(self.follow_up_rows())

    def taxonomy_rows(self) -> Iterator[Row]:
        """States, the tree of issues, population groups."""
        for state in self.taxonomy["states"]["states"]:
            yield row("state", state)
        for position, group in enumerate(self.taxonomy["issues"]["group"], 1):
            yield self.issue_row(group, None, position)
            for place, issue in enumerate(group["issues"], 1):
                yield self.issue_row(issue, group["slug"], place)
        for position, group in enumerate(self.taxonomy["groups"]["groups"], 1):
            self.groups.add(group["slug"])
            yield row("populationgroup", {**group, "position": position})

    def issue_row(self, issue: Row, parent: str | None, position: int) -> Row:
        """One issue; its path is its group's slug and its own."""
        slug = issue["slug"]
        if slug in self.issue_paths:
            raise CurationError(f"issues.toml: {slug} stands there twice")
        self.issue_paths[slug] = f"{parent}/{slug}" if parent else slug
        return row(
            "issue",
            {
                "slug": slug,
                "name": issue["name"],
                "parent": [parent] if parent else None,
                "path": self.issue_paths[slug],
                "position": position,
                "uhri_theme": issue.get("uhri", ""),
                "sdg_targets": issue.get("sdg", []),
            },
        )

    def source_rows(self) -> Iterator[Row]:
        """Reviews, documents and all their paragraphs."""
        for source in self.sources():
            yield row("review", review_fields(source))
        for source in self.sources():
            yield row("document", document_fields(source))
            for position, paragraph in enumerate(source.parsed.paragraphs, 1):
                yield row(
                    "paragraph",
                    {
                        "document": [source.meta["slug"]],
                        "position": position,
                        "number": paragraph.number,
                        "section": list(paragraph.section),
                        "speaker": paragraph.speaker.value,
                        "text": paragraph.text,
                    },
                )

    def stakeholder_rows(self) -> Iterator[Row]:
        """Every stakeholder the documents introduce, each once, and this tracker as an assessor."""
        for source in self.sources():
            read_there = {party.acronym for party in source.parsed.stakeholders}
            named = {party["acronym"] or party["name"] for party in source.stakeholders}
            if missing := read_there - named:
                raise CurationError(
                    f"{source.path.name}: no entry for the stakeholders {', '.join(sorted(missing))}"
                )
            for party in source.stakeholders:
                self.acronyms[source.meta["slug"], party["acronym"] or party["name"]] = party["slug"]
                self.stakeholders.setdefault(party["slug"], stakeholder_fields(source, party))
        self.stakeholders[TRACKER["slug"]] = dict(TRACKER)
        for slug in sorted(self.stakeholders):
            yield row("stakeholder", self.stakeholders[slug])

    def recommendation_rows(self) -> Iterator[Row]:
        """Every record with its tags, in the order of its document."""
        for entry in self.curation.records:
            with naming(entry):
                source = of_source(entry)
                passage = source.cut(entry)
                name = reference(source, entry["at"])
                once(name, self.recommendations, source.meta["slug"])
                default = [source_body(source)] if "raised_by" not in entry else []
                parties = [self.stakeholder(source, each) for each in entry.get("raised_by", default)]
                yield row(
                    "recommendation",
                    {
                        "reference": name,
                        "kind": entry["kind"],
                        "document": [source.meta["slug"]],
                        "paragraph": [source.meta["slug"], passage.paragraph],
                        "text": passage.text,
                        "summary": entry.get("summary", ""),
                        "raised_by": [[slug] for slug in parties],
                        "groups": [
                            [self.known(slug, self.groups, "population group")] for slug in entry["groups"]
                        ],
                        "published": True,
                        "updated_at": stamp(source),
                    },
                )
                for issue in entry["issues"]:
                    self.known(issue, self.issue_paths, "issue")
                    yield row("issuetag", {"recommendation": [name], "issue": [issue], "origin": "editor"})

    def response_rows(self) -> Iterator[Row]:
        """Every State response, then the links to what they answer, in this review and in others."""
        links: list[Row] = []
        for entry in self.curation.responses:
            with naming(entry):
                source = of_source(entry)
                passage = source.cut(entry)
                name = reference(source, entry["at"], response=True)
                once(name, self.responses, source.meta["slug"])
                yield row(
                    "stateresponse",
                    {
                        "reference": name,
                        "document": [source.meta["slug"]],
                        "paragraph": [source.meta["slug"], passage.paragraph],
                        "text": passage.text,
                        "speaker": entry["speaker"],
                        "date": str(entry.get("date", source.meta["published_on"])),
                        "published": True,
                        "updated_at": stamp(source),
                    },
                )
                for answer in entry["answers"]:
                    to = answer["to"] if "-" in answer["to"] else reference(source, answer["to"])
                    links.append({"response": name, **answer, "to": to, "_file": entry["_file"]})
        for entry in [*links, *self.curation.answers]:
            with naming(entry):
                self.known(entry["response"], self.responses, "response")
                self.known(entry["to"], self.recommendations, "record")
                yield row(
                    "responselink",
                    {
                        "response": [entry["response"]],
                        "recommendation": [entry["to"]],
                        "stance": entry["stance"],
                        "rationale": entry["why"],
                        "confirmed": True,
                    },
                )

    def chain_rows(self) -> Iterator[Row]:
        """Links from earlier records to later ones."""
        for entry in self.curation.chains:
            with naming(entry):
                for end in ("earlier", "later"):
                    self.known(entry[end], self.recommendations, "record")
                yield row(
                    "recommendationlink",
                    {
                        "earlier": [entry["earlier"]],
                        "later": [entry["later"]],
                        "relation": entry["relation"],
                        "rationale": entry["why"],
                        "confirmed": True,
                    },
                )

    def follow_up_rows(self) -> Iterator[Row]:
        """The log's entries, each followed by its evidence."""
        for entry in sorted(
            self.curation.follow_up, key=lambda each: (each["on"], each["assessor"], each["as_of"])
        ):
            with naming(entry):
                self.known(entry["on"], self.recommendations, "record")
                assessor = self.stakeholders[self.known(entry["assessor"], self.stakeholders, "stakeholder")]
                role = ROLE_OF_KIND[assessor["kind"]]
                name = f"{entry['on']}-{role}-{entry['as_of']}"
                yield row(
                    "followup",
                    {
                        "reference": name,
                        "recommendation": [entry["on"]],
                        "assessor": [entry["assessor"]],
                        "role": role,
                        "status": entry["status"],
                        "as_of": str(entry["as_of"]),
                        "summary": entry["summary"],
                        "confidence": entry["confidence"],
                        "recorded_at": iso(entry["_recorded_at"]),
                        "published_at": iso(entry["_recorded_at"]),
                    },
                )
                for position, evidence in enumerate(entry.get("evidence", ()), 1):
                    yield self.evidence_row(name, position, evidence)

    def evidence_row(self, follow_up: str, position: int, entry: Row) -> Row:
        """One quoted paragraph as evidence."""
        source = self.curation.sources[self.known(entry["document"], self.curation.sources, "document")]
        passage = source.cut(entry)
        return row(
            "evidence",
            {
                "follow_up": [follow_up],
                "position": position,
                "kind": "paragraph",
                "stance": entry["stance"],
                "access": "public",
                "title": entry.get("title", ""),
                "date": str(source.meta["published_on"]) if "published_on" in source.meta else None,
                "paragraph": [source.meta["slug"], passage.paragraph],
                "text": passage.text,
            },
        )

    def sources(self) -> list[Source]:
        """The documents in the order of their reviews."""
        return sorted(
            self.curation.sources.values(), key=lambda source: (review_start(source)[0], source.meta["slug"])
        )

    def stakeholder(self, source: Source, acronym: str) -> str:
        """The slug behind an acronym of this document."""
        try:
            return self.acronyms[source.meta["slug"], acronym]
        except KeyError:
            raise CurationError(f"no stakeholder {acronym!r} in this document") from None

    @staticmethod
    def known(key: str, table: Iterable[str], what: str) -> str:
        """The key, if it stands in the table; CurationError otherwise."""
        if key not in table:
            raise CurationError(f"no {what} {key!r}")
        return key


def build(folder: Path) -> dict[str, bytes]:
    """All fixture files, by name, from the `taxonomy` and `documents` folders below this one."""
    taxonomy = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in (folder / "taxonomy").glob("*.toml")
    }
    builder = Builder(read_curation(folder / "documents"), taxonomy)
    return {
        name: (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
        for name, rows in builder.files()
    }
