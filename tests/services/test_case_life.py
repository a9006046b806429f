import pytest

from linli.ground.matters.action import Refused
from linli.ground.matters.models import Matter
from linli.ground.record.log import checkpoint, seal
from linli.ground.record.verifying import verify_database
from linli.services.cases.actions.accept_case import accept_case
from tests.world import Snapshot, World


def test_a_demand_goes_all_the_way(world: World) -> None:
    case = world.case_of(state="closed")
    assert case.matter.state == "closed"
    assert case.matter.closed_at == world.now
    assert case.solved is True
    seal()
    checkpoint(world.now, at_once=True)
    verified = verify_database()
    assert verified.whole, verified.faults
    assert verified.rows > 10


def test_a_unit_cannot_accept_another_units_case(world: World) -> None:
    case = world.case_of(street="A", state="dispatched")
    stranger = world.clerk_of(street="B")
    snapshot = Snapshot()
    with pytest.raises(Refused) as refusal:
        accept_case(case.pk, actor=stranger, now=world.now)
    assert refusal.value.reason == "out_of_scope"
    assert snapshot.unchanged()


def test_a_title_altered_in_the_lists_is_named(world: World) -> None:
    case = world.case_of()
    seal()
    Matter.objects.filter(pk=case.pk).update(title="另一个标题")
    assert [fault.place for fault in verify_database().faults] == [f"matter {case.matter.number}, title"]
