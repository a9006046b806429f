"""What the forms of all steps at the desk have in common, and the plainest of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import Actor
from linli.services.cases.feature import case_facts
from linli.services.cases.models import Case
from linli.services.cases.rules.facts import CaseFacts

LONG = 8000
SHORT = 500


def long_text(label: Any, *, required: bool = True, most: int = SHORT, **kwargs: Any) -> forms.CharField:
    """A text area with a limit that the page counts down."""
    return forms.CharField(label=label, required=required, max_length=most, widget=forms.Textarea, **kwargs)


class StepForm(forms.Form):
    """The base: knows the case and who acts; `inputs` are what the action is called with.

    A choice that the action would refuse is not offered. Where none is left, `lacking` says so before anything is
    typed. `others` are further cases for which the step is taken with the same inputs.
    """

    lacking = ""

    def __init__(
        self, *args: Any, case: Case, actor: Actor, now: datetime, others: Sequence[Case] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.actor, self.now = case, actor, now
        self.cases = (case, *others)
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices; for subclasses."""

    def facts(self) -> CaseFacts:
        """What the rules know of the case."""
        return case_facts(self.case, self.actor, self.now)

    def inputs(self) -> dict[str, Any]:
        """The cleaned values under the action's parameter names."""
        return dict(self.cleaned_data)


class NoteForm(StepForm):
    """A step with an optional word."""

    note = long_text(_("说明"), required=False)


class NeededNoteForm(StepForm):
    """A working note."""

    note = long_text(_("工作备注（反映人看不到）"))


class ReasonForm(StepForm):
    """A step that needs its reason."""

    reason = long_text(_("理由"))


class NoForm(StepForm):
    """A step that needs nothing but a click."""
