"""The columns of the tree of issues."""

from __future__ import annotations

from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from recommendations.exports.columns.column import Column, address, own
from recommendations.exports.columns.json_schema import TEXT, many, maybe
from recommendations.exports.columns.shared import number
from recommendations.models import Issue

ISSUES: list[Column] = [
    own(
        Issue,
        "path",
        _("The place in the tree, from the top down; used in addresses and filters."),
        "expression/defamation",
    ),
    own(Issue, "slug", _("The last part of the path."), "defamation"),
    own(Issue, "name", _("What the issue is called."), "Defamation"),
    Column(
        "parent",
        _("Part of"),
        lambda row: row.parent.path if row.parent else None,
        meaning=_("The path of the issue above."),
        example="expression",
        schema=maybe(TEXT),
    ),
    own(
        Issue,
        "uhri_theme",
        _("The theme in the UN’s Universal Human Rights Index."),
        "Freedom of opinion and expression",
    ),
    own(
        Issue,
        "sdg_targets",
        _("Targets of the Sustainable Development Goals."),
        ["16.10"],
        schema=many(TEXT),
    ),
    number(
        "recommendations",
        _("Records, with those below"),
        attrgetter("record_count"),
        _("How many public records are about this issue or one below it."),
        9,
    ),
    address("/issues/expression/defamation/"),
]
