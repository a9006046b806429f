"""The masked version of a case that is proposed for publication, and what a proposed text still gives away (B11.7)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from linli.ground.matters.action import Move
from linli.ground.matters.timeline import newest_texts
from linli.ground.people.consents import has_consent
from linli.ground.people.rules.purposes import PUBLIC_NAME
from linli.kernel.personal import Kind, find_personal, mask
from linli.services.cases.models import Case

# A finder may take a shop for a name or a public place for a home; a number it does not take for another thing.
DENIABLE = frozenset({Kind.NAME, Kind.ADDRESS})


@dataclass(frozen=True)
class Proposal:
    """Original and masked texts; a person confirms or mends the masked ones."""

    original: dict[str, str]
    masked: dict[str, str]

    def fields(self) -> dict[str, str]:
        """The masked texts under the names of the form."""
        return dict(self.masked)


@dataclass(frozen=True)
class Leftovers:
    """Details that a text for publication still holds.

    Args:
        numbers: telephones, documents, cards, plates, accounts: never published without separate consent.
        names: what may be a name or a home; a person may say that it is not.
    """

    numbers: tuple[str, ...]
    names: tuple[str, ...]


def refuse_personal(move: Move[Case], texts: Iterable[str], not_personal: Collection[str]) -> int:
    """Refuse texts that hold numbers, or names and homes that nobody has denied; how many were denied otherwise."""
    left = leftovers(texts)
    if left.numbers:
        move.refuse("numbers_left", found="、".join(left.numbers))
    unsaid = [each for each in left.names if each not in not_personal]
    if unsaid:
        move.refuse("names_left", found="、".join(unsaid))
    return len(left.names)


def named_in(move: Move[Case], texts: Iterable[str]) -> bool:
    """Whether the texts name the filer; refused where the filer has given no separate consent to that (B11.7).

    A clerk may say of a word that it is nobody's name, but not of the filer's own. Whatever the finder takes for no
    name, such as a filer who calls themselves 居民, names nobody.
    """
    filer = move.matter.filer
    own = filer.name if filer is not None else ""
    names = [each for each in leftovers(texts).names if own and (own in each or each in own)]
    if names and filer is not None and not has_consent(filer, PUBLIC_NAME):
        move.refuse("filer_not_to_be_named", found="、".join(names))
    return bool(names)


def masked_proposal(case: Case) -> Proposal:
    """Find and mask personal names, numbers and exact addresses in title, text and reply."""
    names = ("title", "text", "reply")
    found = newest_texts([case.pk], names).get(case.pk, {})
    original = {name: found.get(name, "") for name in names}
    masked = {name: mask(text, find_personal(text)) for name, text in original.items()}
    return Proposal(original, masked)


def leftovers(texts: Iterable[str]) -> Leftovers:
    """What is still to be masked, each once, as it stands in the texts; what the masks themselves show is not."""
    numbers: dict[str, None] = {}
    names: dict[str, None] = {}
    for text in texts:
        for finding in find_personal(text):
            detail = text[finding.start : finding.end]
            if mask(detail, [type(finding)(0, len(detail), finding.kind)]) != detail:
                (names if finding.kind in DENIABLE else numbers)[detail] = None
    return Leftovers(tuple(numbers), tuple(names))
