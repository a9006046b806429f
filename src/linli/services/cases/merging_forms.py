"""What merging duplicates, answering the merged, and splitting ask of the person at the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.ground.look.wordforms import due
from linli.ground.matters.clocks import last_day, local_day, workdays
from linli.ground.matters.models import Matter
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import possible_holders
from linli.services.cases.advice.fingerprinting import alike_to
from linli.services.cases.following import leading_of, masked_reply
from linli.services.cases.publishing import leftovers
from linli.services.cases.step_forms import LONG, StepForm, long_text
from linli.services.cases.wording import BLOCKERS


class MergeForm(StepForm):
    """Marking a duplicate: the number of the case that leads."""

    leading = forms.CharField(
        label=_("主件编号"),
        max_length=40,
        help_text=_("反映同一件事的那一件。并案以后，这一件不再单独计时，反映人跟着主件看进展。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    note = long_text(_("说明"), required=False)

    def clean_leading(self) -> Matter:
        """The matter with this number; whether it can lead is the action's to say."""
        number = "".join(self.cleaned_data["leading"].split())
        found = Matter.objects.filter(number=number, kind="case", withheld=False).first()
        if found is None:
            raise forms.ValidationError(gettext("没有找到这个编号的诉求，请核对。"))
        return found

    def inputs(self) -> dict[str, Any]:
        """The leading case and the note, and what the program took for the same thing."""
        return {**self.cleaned_data, "alike": alike_to(self.actor, self.case, self.now)}


class SplitForm(StepForm):
    """One part for one unit; for several, the step is taken several times."""

    text = long_text(_("交办内容：这个单位要办什么"), most=LONG)
    unit = forms.ModelChoiceField(label=_("交给"), queryset=Organization.objects.none(), empty_label=_("请选择单位"))
    days = forms.IntegerField(label=_("几个工作日内办完"), min_value=1)

    def prepare(self) -> None:
        """Offer the units that can hold it, and as many days as the whole has left."""
        matter, today = self.case.matter, local_day(self.now)
        rows = possible_holders(matter.place, recused_path=matter.recused_path)
        self.fields["unit"].queryset = rows  # type: ignore[attr-defined]
        self.fields["unit"].widget.attrs["data-filter"] = gettext("输入单位名称查找")
        last = last_day(matter.due_at)
        most = workdays().between(today, last) if today <= last else 0
        words = BLOCKERS["part_outlasts"] % {"due": due(matter.due_at)}
        if most < 1:
            self.lacking = gettext("主件的时限已经没有余下的工作日，不能再拆分。")
            return
        self.fields["days"] = forms.IntegerField(
            label=self.fields["days"].label,
            min_value=1,
            max_value=most,
            initial=most,
            help_text=words,
            error_messages={"max_value": words},
        )


class AnswerForm(StepForm):
    """Answering the merged: the reply of the leading case, masked, for a person to check."""

    reply = long_text(
        _("给反映人的答复"),
        most=LONG,
        help_text=_("来自主件的答复，系统已隐去找到的个人信息。请逐句核对，不要写出主件的反映人。"),
    )
    not_personal = forms.BooleanField(label=_("文字里像姓名或住址的内容不是个人信息"), required=False)
    names_left: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Begin with the reply of the leading case; several are answered alike only if one leads them all."""
        leads = [leading_of(each) for each in self.cases]
        if len({each.pk for each in leads if each is not None}) > 1:
            self.lacking = gettext("选中的诉求并入了不同的主件，请分开答复。")
        elif leads[0] is not None:
            self.fields["reply"].initial = masked_reply(leads[0])

    def clean(self) -> dict[str, Any]:
        """Say what is left of a person, before the action refuses it."""
        data = super().clean() or self.cleaned_data
        left = leftovers([data.get("reply", "")])
        self.names_left = left.names
        if left.numbers:
            self.add_error("reply", BLOCKERS["numbers_left"] % {"found": "、".join(left.numbers)})
        elif left.names and not data.get("not_personal"):
            self.add_error("reply", BLOCKERS["names_left"] % {"found": "、".join(left.names)})
        return data

    def inputs(self) -> dict[str, Any]:
        """The reply, and what the clerk says is nothing personal."""
        names = self.names_left if self.cleaned_data["not_personal"] else ()
        return {"reply": self.cleaned_data["reply"], "not_personal": names}
