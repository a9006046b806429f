"""What each step of a demand asks of the person at the desk. A form turns typed text into an action's inputs."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.ground.files.models import StoredFile
from linli.ground.matters.timeline import newest_text
from linli.ground.organizations.models import Organization
from linli.ground.organizations.selectors import possible_holders
from linli.ground.people.models import Person
from linli.ground.people.selectors import clerks_of
from linli.ground.territory.facade import Unit
from linli.services.cases.advice.fingerprinting import alike_to
from linli.services.cases.advice.names import named_topics
from linli.services.cases.advice.proposals import ProposedTopic, proposals_for
from linli.services.cases.casework import returned_by
from linli.services.cases.merging_forms import AnswerForm, MergeForm, SplitForm
from linli.services.cases.portal_forms import Files
from linli.services.cases.publishing import leftovers
from linli.services.cases.rules.guards import attempt_counts, contact_counts
from linli.services.cases.rules.vocabulary import CallResult, Rating
from linli.services.cases.selectors import asked_topic
from linli.services.cases.step_forms import LONG, NeededNoteForm, NoForm, NoteForm, ReasonForm, StepForm, long_text
from linli.services.cases.wording import BLOCKERS, CALL_RESULTS, RATINGS, blocker_words
from linli.services.catalogue.facade import SEPARATOR, TopicChoice, responsible_unit, topics
from linli.services.catalogue.models import Topic


def topic_choices() -> list[tuple[str, str]]:
    """Every leaf of the catalogue, its own name first: a clerk looks for the leaf."""
    return [(str(row.pk), leaf_first(row)) for row in topics()]


def leaf_first(topic: TopicChoice) -> str:
    """路灯照明 — 城市管理 / 市政设施."""
    above = SEPARATOR.join(topic.names[:-1])
    return f"{topic.names[-1]} — {above}" if above else topic.names[-1]


class TopicForm(StepForm):
    """Filing: the topic sets unit and limit."""

    topic = forms.ChoiceField(label=_("事项分类"))
    note = long_text(_("说明"), required=False)
    proposed: ProposedTopic | None = None

    def prepare(self) -> None:
        """Offer every leaf of the catalogue, those first that the filer chose or that the program proposes."""
        rows = {row.pk: row for row in topics()}
        asked = asked_topic(self.case.pk) if len(self.cases) == 1 else None
        groups: list[tuple[str, Any]] = [("", gettext("请选择"))]
        fitting = self._fitting(rows)
        if asked in rows:
            fitting = {key: likely for key, likely in fitting.items() if key != asked}
            groups.append((gettext("反映人选的分类，请核对"), [(str(asked), leaf_first(rows[asked]))]))
            self.fields["topic"].initial = str(asked)
        elif self.proposed is not None:
            self.fields["topic"].initial = str(self.proposed.topic.pk)
        if fitting:
            listed = [(str(key), f"{leaf_first(rows[key])}{likely}") for key, likely in fitting.items()]
            groups.append((gettext("系统建议，由您决定"), listed))
        rest = [(str(key), leaf_first(row)) for key, row in rows.items() if key not in {asked, *fitting}]
        groups.append((gettext("全部分类"), rest))
        if not rows:
            self.lacking = gettext("还没有可用的事项分类，请先导入分类表。")
        field = self.fields["topic"]
        field.choices = groups  # type: ignore[attr-defined]
        field.widget.attrs["data-filter"] = gettext("输入名称查找，如“路灯”")

    def _fitting(self, rows: Mapping[int, TopicChoice]) -> dict[int, str]:
        """The proposed topics, and how likely each is; without a model those that the demand's words name."""
        proposals = proposals_for(self.case, self.now) if len(self.cases) == 1 else []
        self.proposed = next((each for each in proposals if each.is_sure and each.topic.pk in rows), None)
        if proposals:
            likely = {each.topic.pk: gettext("（把握 %(n)s%%）") % {"n": each.percent} for each in proposals}
            return {key: words for key, words in likely.items() if key in rows}
        told = f"{self.case.matter.title} {newest_text(self.case.pk, 'text')}"
        return dict.fromkeys(named_topics(told, {row.pk: row.names[-1] for row in rows.values()}), "")

    def clean_topic(self) -> Topic:
        """The chosen topic."""
        topic: Topic = Topic.objects.get(pk=self.cleaned_data["topic"])
        return topic

    def inputs(self) -> dict[str, Any]:
        """Topic and note, and what was proposed."""
        return {**self.cleaned_data, "proposed": self.proposed}


class UnitForm(StepForm):
    """Dispatching: the responsible unit by topic and place stands first."""

    unit = forms.ModelChoiceField(label=_("派给"), queryset=Organization.objects.none(), empty_label=_("请选择单位"))
    note = long_text(_("派遣意见"), required=False)
    proposed: Organization | None = None

    def prepare(self) -> None:
        """Offer the units that can hold a demand at this place; for several demands, those that can hold each one."""
        field = self.fields["unit"]
        field.widget.attrs["data-filter"] = gettext("输入单位名称查找")
        place = self.case.matter.place
        field.queryset = self._possible()  # type: ignore[attr-defined]
        if not field.queryset.exists():  # type: ignore[attr-defined]
            self.lacking = gettext("没有单位能承办全部选中的诉求，请分开派遣。")
        if self.case.topic is not None and self._are_alike():
            unit = responsible_unit(self.case.topic, place, for_district=self.case.first_contact.is_district_wide)
            if unit is not None and field.queryset.filter(pk=unit.pk).exists():  # type: ignore[attr-defined]
                came_back = unit.pk == returned_by(self.case)
                self.proposed = None if came_back else unit
                field.initial = None if came_back else unit.pk
                words = (
                    _("%(unit)s 刚退单，请看理由，另选单位。") if came_back else _("按事项分类，应由 %(unit)s 承办。")
                )
                field.help_text = words % {"unit": unit.name}

    def inputs(self) -> dict[str, Any]:
        """Unit and note, what was proposed, and what the program took for the same thing."""
        alike = alike_to(self.actor, self.case, self.now) if len(self.cases) == 1 else ()
        return {**self.cleaned_data, "proposed": self.proposed, "alike": alike}

    def _possible(self) -> QuerySet[Organization]:
        streets = {(each.matter.place_path[: Unit.steplen * 2], each.matter.recused_path): each for each in self.cases}
        rows = [possible_holders(each.matter.place, recused_path=each.matter.recused_path) for each in streets.values()]
        if len(rows) > 1:
            self.fields["unit"].help_text = gettext(
                "只列出能承办全部选中诉求的单位；要派给街道的单位，请按街道分开派遣。"
            )
        found = rows[0]
        for more in rows[1:]:
            found = found.filter(pk__in=more.order_by().values("pk"))
        return found

    def _are_alike(self) -> bool:
        """Whether one unit answers for all of the cases."""
        return len({(each.topic_id, each.matter.place_id, each.first_contact_id) for each in self.cases}) == 1


class RulingForm(UnitForm):
    """Ruling who is responsible, with the reason."""

    note = None  # type: ignore[assignment]
    unit = forms.ModelChoiceField(label=_("指定给"), queryset=Organization.objects.none(), empty_label=_("请选择单位"))
    reason = long_text(_("指定的理由（各单位和反映人看得到）"))

    def inputs(self) -> dict[str, Any]:
        """Unit and reason."""
        return dict(self.cleaned_data)


class PersonForm(StepForm):
    """Assigning: a clerk of the holding unit."""

    person = forms.ChoiceField(label=_("经办人"))

    def prepare(self) -> None:
        """Offer the unit's clerks; for several demands, those who are clerks of each of their units."""
        holders = {each.matter.holder_id: each.matter.holder for each in self.cases}
        first, *others = [clerks_of(holder, self.now) for holder in holders.values()]
        shared = [person for person in first if all(person in clerks for clerks in others)]
        self.fields["person"].choices = [(str(person.pk), person.name) for person in shared]  # type: ignore[attr-defined]
        if not shared:
            self.lacking = gettext("没有可以指派的经办人：经办人须是承办单位在岗的工作人员；不同单位的诉求请分开指派。")

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

    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1)
    reason = long_text(_("延期理由"))

    def prepare(self) -> None:
        """Say beforehand how many days the rules allow."""
        most = self.facts().rules.integer("extension_days")
        words = BLOCKERS["extension_too_long"] % {"most": most}
        self.fields["days"] = forms.IntegerField(
            label=self.fields["days"].label,
            min_value=1,
            max_value=most,
            initial=min(5, most),
            help_text=words,
            error_messages={"max_value": words},
        )


class WorkForm(StepForm):
    """What was done, with pictures."""

    work = long_text(_("办理情况：何时、何人、做了什么、结果如何"), most=LONG)
    photos = Files(label=_("现场照片或材料（可一次选几个）"), required=False)
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

    def prepare(self) -> None:
        """Another call in vain is not offered while it would not count."""
        field, blockers = self.fields["result"], attempt_counts(self.facts())
        if blockers:
            told = [(code, words) for code, words in CALL_RESULTS.items() if code != CallResult.UNREACHED]
            field.choices = told  # type: ignore[attr-defined]
            field.help_text = blocker_words(blockers[0])

    def inputs(self) -> dict[str, Any]:
        """The result as a value of its vocabulary."""
        return {"result": CallResult(self.cleaned_data["result"]), "note": self.cleaned_data["note"]}


class ContactForm(StepForm):
    """Whether whoever rated badly was reached, and what they say is wrong."""

    reached = forms.TypedChoiceField(
        label=_("联系结果"),
        choices=[("yes", _("联系上了")), ("no", _("没有联系上"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )
    note = long_text(_("哪里不满意，希望怎样改"), required=False)

    def prepare(self) -> None:
        """Say beforehand when another attempt in vain would not count."""
        blockers = contact_counts(self.facts())
        if blockers:
            self.fields["reached"].help_text = blocker_words(blockers[0])


class RectificationForm(WorkForm):
    """What was mended, with pictures."""

    work = long_text(_("整改情况：改了什么、结果如何（反映人看得到）"), most=LONG)


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
    "split_case": SplitForm,
    "merge_case": MergeForm,
    "unmerge_case": ReasonForm,
    "close_merged": AnswerForm,
    "accept_case": NoteForm,
    "rule_holder": RulingForm,
    "appeal_rating": ReasonForm,
    "uphold_rating": ReasonForm,
    "overrule_rating": ReasonForm,
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
    "contact_rater": ContactForm,
    "rectify_case": RectificationForm,
    "close_rectification": NoteForm,
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
              "verify_case", "close_case", "supervise_case", "close_merged")  # fmt: skip
