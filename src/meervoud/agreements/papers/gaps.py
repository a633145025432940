"""The gaps of a contract in Word, and the little that a template may say: gaps, lists, and what only stands there sometimes.

Whoever writes a template writes a small program. So a template is read before anything of it runs: it may name the gaps
below and go through the lists below, and nothing else; no calls, no sums, no list inside a list. What it may do is then
done in a sandbox without a single function.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from meervoud.core.errors import InputError

WORDS: Final[Mapping[str, str | Promise]] = {
    "title": _("the name of the agreement"),
    "kind": _("the kind of contract"),
    "host": _("the name of the host"),
    "group": _("the name of the group"),
    "programme": _("the name of the programme"),
    "space": _("the name of the space"),
    "version": _("the number of the version"),
    "day": _("the day of the version"),
    "mark": _("“Draft” or “Copy”"),
    "model_text": _("the notice that no lawyer has checked the model texts"),
    "hash": _("the fingerprint of what is signed"),
    "hash_short": _("its first twelve letters"),
}
"""Gaps that hold one text, and what stands in each."""
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "clauses": ("number", "title", "text"),
    "moments": ("weekday", "day", "start", "end", "week"),
    "approvals": ("who", "side", "answer", "on", "until", "conditions"),
    "signatures": ("text",),
}
"""Gaps that hold many of the same, and what each of them has."""
MOST_LISTS: Final = 20
MOST_REPEATED: Final = 60_000
"""Letters of the file that stand inside a list, for each is written as often as the list is long."""
MOST_GAPS_REPEATED: Final = 60
_PLAIN: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.Not,
    nodes.And,
    nodes.Or,
)


class GapEnvironment(SandboxedEnvironment):
    """Jinja with nothing in it: every source is checked where it is read, whatever part of a file it comes from."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        for each in (self.globals, self.filters, self.tests):
            each.clear()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        check_gaps(tree)
        return tree


def check_gaps(tree: nodes.Template) -> None:
    """Refuse whatever is not a gap, a list or a condition.

    Raises:
        InputError: what stands there, or every gap that is not known.
    """
    for each in _below(tree):
        if not isinstance(each, _PLAIN):
            raise _not_allowed(type(each).__name__)
    lists = list(tree.find_all(nodes.For))
    if len(lists) > MOST_LISTS:
        raise InputError(f"The file has more than {MOST_LISTS} lists.", code="contract_lists", most=MOST_LISTS)
    known = {name for each in lists for name in _check_list(each)}
    unknown = sorted({name for name in _gaps(tree) if name not in known | {*WORDS, *LISTS}})
    if unknown:
        names = ", ".join(unknown[:20])
        raise InputError(f"These gaps are not known: {names}.", code="contract_gaps", names=names)


def _not_allowed(what: str) -> InputError:
    text = "The file says more than gaps, lists and conditions."
    return InputError(text, code="contract_says_more", what=what)


def _below(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for each in tree.iter_child_nodes():
        yield from _below(each)


def _check_list(row: nodes.For) -> set[str]:
    """Return what may be said inside a list: `each` and `each.title`."""
    source, target = row.iter, row.target
    if not isinstance(source, nodes.Name) or not isinstance(target, nodes.Name) or row.recursive or row.test:
        raise _not_allowed("For")
    if source.name not in LISTS:
        raise InputError(f"These gaps are not known: {source.name}.", code="contract_gaps", names=source.name)
    if target.name in {*WORDS, *LISTS} or any(row is not each for each in row.find_all(nodes.For)):
        raise _not_allowed("For")
    repeated = sum(len(each.data) for each in row.find_all(nodes.TemplateData))
    gaps = sum(1 for _each in row.find_all((nodes.Name, nodes.Getattr)))
    if repeated > MOST_REPEATED or gaps > 2 * MOST_GAPS_REPEATED:
        raise InputError("A list of the file is too long.", code="contract_list_long")
    return {target.name, *(f"{target.name}.{field}" for field in LISTS[source.name])}


def _gaps(tree: nodes.Node) -> Iterator[str]:
    """Yield every gap as it is written: `host`, `each.title`."""
    for each in tree.iter_child_nodes():
        if isinstance(each, nodes.Getattr):
            owner = each.node
            yield f"{owner.name}.{each.attr}" if isinstance(owner, nodes.Name) else f"(…).{each.attr}"
        elif isinstance(each, nodes.Name):
            yield each.name
        else:
            yield from _gaps(each)
