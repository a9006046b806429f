"""The masked version of a case that is proposed for publication, beside its original."""

from dataclasses import dataclass

from linli.ground.matters.timeline import newest_texts
from linli.kernel.personal import find_personal, mask
from linli.services.cases.models import Case


@dataclass(frozen=True)
class Proposal:
    """Original and masked texts; a person confirms or mends the masked ones."""

    original: dict[str, str]
    masked: dict[str, str]

    def fields(self) -> dict[str, str]:
        """The masked texts under the names of the form."""
        return dict(self.masked)


def masked_proposal(case: Case) -> Proposal:
    """Find and mask personal names, numbers and exact addresses in title, text and reply (B11.7)."""
    names = ("title", "text", "reply")
    found = newest_texts([case.pk], names).get(case.pk, {})
    original = {name: found.get(name, "") for name in names}
    masked = {name: mask(text, find_personal(text)) for name, text in original.items()}
    return Proposal(original, masked)
