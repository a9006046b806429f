"""What each step of a demand asks of the person at the desk. A form turns typed text into an action's inputs."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linli.ground.files.models import StoredFile
from linli.ground.matters.models import Visibility
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import complainable, possible_holders
from linli.ground.people.models import Person
from linli.ground.people.selectors import clerks_of
from linli.ground.territory.facade import Level, Unit, units
from linli.kernel.access import Actor
from linli.kernel.identity import normalize_phone
from linli.services.cases.models import Case
from linli.services.cases.publishing import leftovers
from linli.services.cases.rules.vocabulary import CallResult, Channel, Rating
from linli.services.cases.wording import BLOCKERS, CALL_RESULTS, CHANNELS, RATINGS
from linli.services.catalogue.facade import responsible_unit, topics
from linli.services.catalogue.models import Topic

LONG = 8000
SHORT = 500


def long_text(label: Any, *, required: bool = True, most: int = SHORT, initial: str = "") -> forms.CharField:
    """A text area with a limit that the page counts down."""
    return forms.CharField(label=label, required=required, max_length=most, initial=initial, widget=forms.Textarea)


class StepForm(forms.Form):
    """The base: knows the case and who acts; `inputs` are what the action is called with."""

    def __init__(self, *args: Any, case: Case, actor: Actor, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.actor, self.now = case, actor, now
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices; for subclasses."""

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


class TopicForm(StepForm):
    """Filing: the topic sets unit and limit."""

    topic = forms.ChoiceField(label=_("事项分类"))
    note = long_text(_("说明"), required=False)

    def prepare(self) -> None:
        """Offer every leaf of the catalogue."""
        choices = [("", _("请选择"))] + [(str(row.pk), row.full_name) for row in topics()]
        self.fields["topic"].choices = choices  # type: ignore[attr-defined]

    def clean_topic(self) -> Topic:
        """The chosen topic."""
        topic: Topic = Topic.objects.get(pk=self.cleaned_data["topic"])
        return topic


class UnitForm(StepForm):
    """Dispatching: the responsible unit by topic and place stands first."""

    unit = forms.ModelChoiceField(label=_("派给"), queryset=Organization.objects.none(), empty_label=_("请选择单位"))
    note = long_text(_("派遣意见"), required=False)

    def prepare(self) -> None:
        """Offer the units that can hold a demand at this place."""
        field = self.fields["unit"]
        place = self.case.matter.place
        field.queryset = possible_holders(place, recused_path=self.case.matter.recused_path)  # type: ignore[attr-defined]
        if self.case.topic is not None:
            suggested = responsible_unit(self.case.topic, place, for_district=self.case.first_contact.is_district_wide)
            if suggested is not None and suggested in field.queryset:  # type: ignore[attr-defined]
                field.initial = suggested.pk
                field.help_text = _("按事项分类，应由 %(unit)s 承办。") % {"unit": suggested.name}


class PersonForm(StepForm):
    """Assigning: a clerk of the holding unit."""

    person = forms.ChoiceField(label=_("经办人"))

    def prepare(self) -> None:
        """Offer the unit's clerks."""
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (str(person.pk), person.name) for person in clerks_of(self.case.matter.holder, self.now)
        ]

    def clean_person(self) -> Person:
        """The chosen colleague."""
        return Person.objects.get(pk=self.cleaned_data["person"])


class DeclineForm(StepForm):
    """Declining: the reason, and the right door."""

    reason = long_text(_("不予受理的理由"))
    right_door = forms.CharField(label=_("应当找谁办（单位、电话或窗口）"), max_length=200)


class QuestionForm(StepForm):
    """Asking for a supplement, once, for all that is missing."""

    question = long_text(_("请一次写清需要补充的全部内容"))


class ExtensionForm(StepForm):
    """Asking for more working days."""

    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1, max_value=60, initial=5)
    reason = long_text(_("延期理由"))


class WorkForm(StepForm):
    """What was done, with pictures."""

    work = long_text(_("办理情况：何时、何人、做了什么、结果如何"), most=LONG)
    photos = forms.FileField(label=_("现场照片或材料"), required=False)
    stored: tuple[StoredFile, ...] = ()

    def inputs(self) -> dict[str, Any]:
        """The text, and the files that the view has stored."""
        return {"work": self.cleaned_data["work"], "files": self.stored}


class ReplyForm(StepForm):
    """The reply to the filer."""

    reply = long_text(_("给反映人的答复"), most=LONG)


class CallForm(StepForm):
    """A call-back: what the filer said."""

    result = forms.ChoiceField(label=_("回访结果"), choices=list(CALL_RESULTS.items()), widget=forms.RadioSelect)
    note = long_text(_("回访记录"), required=False)

    def inputs(self) -> dict[str, Any]:
        """The result as a value of its vocabulary."""
        return {"result": CallResult(self.cleaned_data["result"]), "note": self.cleaned_data["note"]}


class RequirementForm(StepForm):
    """Supervision: what is required."""

    requirement = long_text(_("督办要求（反映人看得到）"))


class InstructionForm(StepForm):
    """Instruction by a superior."""

    instruction = long_text(_("批示内容（反映人看不到）"))


class PublicationForm(StepForm):
    """The masked version, confirmed by a person beside the original."""

    title = forms.CharField(label=_("公开标题"), max_length=200)
    text = long_text(_("公开内容"), most=20_000)
    reply = long_text(_("公开答复"), most=20_000)
    not_personal = forms.BooleanField(label=_("上面列出的文字不是个人信息"), required=False)
    checked = forms.BooleanField(label=_("我已逐句核对：没有姓名、电话、证件号、车牌和详细住址"))
    names_left: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """Say in which text something personal is left, before the action refuses it."""
        data = super().clean() or self.cleaned_data
        for name in ("title", "text", "reply"):
            left = leftovers([data.get(name, "")])
            self.names_left += left.names
            if left.numbers:
                self.add_error(name, BLOCKERS["numbers_left"] % {"found": "、".join(left.numbers)})
            elif left.names and not data.get("not_personal"):
                self.add_error(name, BLOCKERS["names_left"] % {"found": "、".join(left.names)})
        return data

    def inputs(self) -> dict[str, Any]:
        """Title, text and reply, and what the clerk says is nothing personal."""
        given = {name: self.cleaned_data[name] for name in ("title", "text", "reply")}
        return given | {"not_personal": self.names_left if self.cleaned_data["not_personal"] else ()}


class SupplementForm(StepForm):
    """A supplement handed in at the counter or by phone."""

    text = long_text(_("补充的内容"), most=LONG)


class AssistedRatingForm(StepForm):
    """A rating given at the counter, for somebody who does not use the internet."""

    rating = forms.TypedChoiceField(
        label=_("满意程度"),
        choices=list(RATINGS.items()),
        coerce=lambda text: Rating(int(text)),
        widget=forms.RadioSelect,
    )
    comment = long_text(_("反映人的话"), required=False)


FORMS: dict[str, type[StepForm]] = {
    "file_case": TopicForm,
    "decline_case": DeclineForm,
    "dispatch_case": UnitForm,
    "escalate_case": ReasonForm,
    "accept_case": NoteForm,
    "return_case": ReasonForm,
    "recall_case": ReasonForm,
    "hand_over_case": ReasonForm,
    "claim_case": NoForm,
    "release_case": NoForm,
    "assign_case": PersonForm,
    "ask_supplement": QuestionForm,
    "supply_supplement": SupplementForm,
    "request_extension": ExtensionForm,
    "grant_extension": NoteForm,
    "refuse_extension": ReasonForm,
    "handle_case": WorkForm,
    "draft_reply": ReplyForm,
    "review_reply": NoteForm,
    "send_back_reply": ReasonForm,
    "sign_reply": NoForm,
    "call_back_case": CallForm,
    "reopen_for_filer": ReasonForm,
    "verify_case": NoteForm,
    "close_case": NoteForm,
    "grant_reopening": NoteForm,
    "refuse_reopening": ReasonForm,
    "urge_case": NoteForm,
    "reopen_case": ReasonForm,
    "request_reopening": ReasonForm,
    "withdraw_case": ReasonForm,
    "rate_case": AssistedRatingForm,
    "supervise_case": RequirementForm,
    "instruct_case": InstructionForm,
    "add_note": NeededNoteForm,
    "publish_case": PublicationForm,
    "unpublish_case": ReasonForm,
}

# Steps that can be taken for many cases at once, with one set of inputs.
BULK_STEPS = ("file_case", "dispatch_case", "accept_case", "claim_case", "assign_case", "review_reply", "sign_reply",
              "verify_case", "close_case", "supervise_case")  # fmt: skip


class CounterForm(forms.Form):
    """A demand that a clerk takes down for somebody."""

    channel = forms.ChoiceField(label=_("来源"), choices=[], widget=forms.RadioSelect)
    outside_number = forms.CharField(label=_("外部编号（如12345工单号）"), max_length=60, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    name = forms.CharField(label=_("怎么称呼"), max_length=40, required=False)
    title = forms.CharField(label=_("标题"), max_length=100)
    text = long_text(_("反映的内容"), most=LONG)
    place = forms.ModelChoiceField(
        label=_("所在社区"), queryset=Unit.objects.none(), empty_label=_("不清楚（由区中心处理）"), required=False
    )
    place_text = forms.CharField(label=_("详细地点"), max_length=200, required=False)
    identity_shown = forms.BooleanField(label=_("承办单位可以看到反映人"), required=False, initial=True)
    public = forms.BooleanField(label=_("反映人愿意公开（会隐去个人信息）"), required=False)
    complained_of = forms.ModelChoiceField(
        label=_("投诉的是哪个单位（该单位不会看到反映人）"),
        empty_label=_("不是投诉单位"),
        queryset=Organization.objects.none(),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken_down = ("counter", "phone", "letter", "hotline_12345")
        self.fields["channel"].choices = [(name, CHANNELS[name]) for name in taken_down]  # type: ignore[attr-defined]
        self.fields["place"].queryset = units(Level.COMMUNITY)  # type: ignore[attr-defined]
        self.fields["complained_of"].queryset = complainable(None)  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """A phone number that can be called."""
        typed = str(self.cleaned_data["phone"])
        if typed and normalize_phone(typed) is None:
            raise ValidationError(_("这个电话号码不对：手机是 11 位，座机请带区号，如 025-84401234。"))
        return typed

    def clean_outside_number(self) -> str:
        """Each outside number is taken down once per channel."""
        number = str(self.cleaned_data["outside_number"]).strip()
        channel = self.data.get("channel", "")
        if number and Case.objects.filter(channel=channel, outside_number=number).exists():
            raise ValidationError(_("这个外部编号已经登记过，请在收件箱搜索。"))
        return number

    def inputs(self) -> dict[str, Any]:
        """Inputs of `receive_case`, without the filer."""
        data = self.cleaned_data
        return {
            "channel": Channel(data["channel"]),
            "outside_number": data["outside_number"],
            "title": data["title"],
            "text": data["text"],
            "place_text": data["place_text"],
            "identity_shown": data["identity_shown"],
            "visibility": Visibility.PUBLIC if data["public"] else Visibility.PRIVATE,
            "complained_of": data["complained_of"],
        }
