"""What becomes public: nothing personal, corrected when wrong, taken back when the filer or the unit says so."""

from linli.services.cases.publishing import Leftovers, leftovers
from tests.services.acting import act, refused
from tests.world import World


def test_what_is_still_personal_is_not_published(world: World) -> None:
    case, clerk = world.case_of(state="closed"), world.clerk_of()
    texts = {"title": "路灯", "text": "路灯不亮。", "reply": "已修好。"}
    number = texts | {"text": "请打13812345678找我。"}
    refused(world, case, "publish_case", clerk, "numbers_left", **number)
    refused(world, case, "publish_case", clerk, "numbers_left", **number, not_personal=("13812345678",))
    name = texts | {"reply": "王建国师傅已修好。"}
    refused(world, case, "publish_case", clerk, "names_left", **name)
    refused(world, case, "publish_case", clerk, "names_left", **name, not_personal=("李四",))
    left = leftovers(name.values())
    assert left.names
    done = act(world, case, "publish_case", clerk, **name, not_personal=left.names)
    assert done.record.codes["said_not_personal"] == len(left.names)
    assert "王" not in str(done.record.codes)
    masked = "王某师傅已到※号楼修好，电话〔电话〕。"
    assert leftovers([masked]) == Leftovers((), ())


def test_what_is_published_is_corrected_and_taken_back(world: World) -> None:
    texts = {"title": "路灯", "text": "路灯不亮。", "reply": "已修好。"}
    case, clerk = world.case_of(state="closed"), world.clerk_of()
    refused(world, case, "unpublish_case", clerk, "not_published", reason="写错了。")
    act(world, case, "publish_case", clerk, **texts)
    done = act(world, case, "publish_case", clerk, **(texts | {"title": "西巷路灯"}))
    assert done.matter.public_title == "西巷路灯"
    done = act(world, case, "unpublish_case", clerk, reason="写错了。")
    assert (done.matter.published_at, done.matter.public_title, done.matter.visibility) == (None, "", "public")
    act(world, case, "publish_case", clerk, **texts)
    done = act(world, case, "unpublish_case", world.resident)
    assert done.matter.visibility == "private"
    refused(world, case, "publish_case", clerk, "filer_keeps_private", **texts)
