"""The strings of the code and the templates: all are marked, and a catalogue of them can be gathered."""

from __future__ import annotations

import ast
import re

import pytest
from django.conf import settings
from django.utils import translation

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))


def own_strings() -> tuple[set[str], set[str]]:
    """Every string that our own code and templates hand to gettext: those without and those with a plural."""
    plain, counted = set(), set()
    for path in (settings.BASE_DIR / "recommendations").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in {"_", "gettext", "ngettext", "ngettext_lazy"} and isinstance(
                node.args[0], ast.Constant
            ):
                (counted if name.startswith("n") else plain).add(node.args[0].value)
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        plain.update(re.findall(r"""(?:{% translate |_\()["'](.*?)["'](?: %}|\))""", text))
        for head, words in re.findall(r"{% blocktranslate ([^%]*)%}(.*?){% (?:plural|end)", text):
            if " context " not in head:
                words = re.sub(r"{{ (\w+) }}", r"%(\1)s", words)
                (counted if " count " in head else plain).add(words)
    return plain, counted


def test_message_catalogue_can_be_gathered():
    """gettext takes no string both with and without a plural; a context keeps the two apart."""
    plain, counted = own_strings()
    assert len(plain) > 800
    assert len(counted) > 30
    assert plain & counted == set()


def test_djangos_catalogue_changes_none_of_our_words():
    """Django's catalogue of British English has some of the same strings; they must stay the same."""
    with translation.override("en-gb"):
        assert [one for one in set.union(*own_strings()) if translation.gettext(one) != one] == []


# For those who make pages, never shown to readers.
EXEMPT = {"styleguide.html"}
LEXEMES = re.compile(
    r"(?P<translated>{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%})|(?P<comment>{#.*?#}|<!--.*?-->)"
    r"|(?P<code><script\b.*?</script>|<style\b.*?</style>|<code>.*?</code>|<pre\b.*?</pre>)"
    r"|(?P<class>{% block bodyclass %}.*?{% endblock %})|(?P<block>{%.*?%})|(?P<value>{{.*?}})",
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(
    r"\b(?:aria-label|title|alt|placeholder|data-copy|data-copied|data-values)=\"([^\"]*)\""
)
FORMAT_NAMES = {"JSON", "CSV", "XLSX", "SVG", "PNG", "BibTeX", "RIS", "API", "ATOM", "Atom", "GET", "UTC"}


def bare_words(template: str) -> list[str]:
    """English outside the tags that translate it: in text, in attributes that people meet, in arguments."""
    # A value may hold a quotation mark or a bracket that ends an attribute or a tag.
    clean = LEXEMES.sub(lambda found: "\x00" * (found.lastgroup != "comment"), template)
    texts = TAG.sub("\x00", clean).split("\x00") + [
        part for one in ATTRIBUTE.findall(clean) for part in one.split("\x00")
    ]
    found = [" ".join(text.split()) for text in texts]
    words = [
        one
        for one in found
        if re.search(r"[A-Za-z]{2}", one) and not set(re.findall(r"[A-Za-z]+", one)) <= FORMAT_NAMES
    ]
    arguments = re.findall(
        r"""{%\s*(?:nav_item|include|how_to_cite)\b[^%]*?[ =](?<!_\()"([A-Z][^"]*)""", template
    )
    return [*words, *arguments]


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates"))
)
def test_templates_hold_no_untranslated_english(path):
    if path.name not in EXEMPT:
        assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Bare</p>", ["Bare"]),
        ('<p title="Bare {{ name }}">{% translate "Fine" %}</p>', ["Bare"]),
        ("<p>{% if a > b %}more{% endif %}</p>", ["more"]),
        ("{% blocktranslate %}Fine <b>and</b> fine{% endblocktranslate %}{# not shown #}", []),
        ('{% nav_item "desk" "Bare" %}{% nav_item "desk" _("Fine") %}', ["Bare"]),
        ('<a class="x" href="{% url \'data\' %}">JSON</a>, <code>field</code>', []),
    ],
)
def test_bare_words_in_templates_are_detected(template, found):
    assert bare_words(template) == found
