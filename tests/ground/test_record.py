"""The record: append-only, and every kind of tampering is named with its place."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import DatabaseError, connection, transaction

from linli.ground.record import triggers
from linli.ground.record.actions.erase_texts import erase_texts
from linli.ground.record.canonical import record_content
from linli.ground.record.following import FOLLOWERS, follow
from linli.ground.record.frontier import Frontier
from linli.ground.record.log import log_size, seal, tree
from linli.ground.record.models import Checkpoint, Entry, Leaf, LogHead, Pending, Record, Subtree
from linli.ground.record.receipts import ReceiptUnreadable, parse_receipt, verify_receipt
from linli.ground.record.verifying import verify_database
from linli.kernel.access import SYSTEM
from linli.kernel.merkle import leaf_hash, root_of
from tests.ground.recording import faults, leaf_of, only_fault, seal_at, write
from tests.world import World


def test_a_whole_record_is_whole(replied: World) -> None:
    verified = verify_database()
    assert verified.whole
    assert verified.rows == verified.covered == log_size()
    assert (verified.unplaced, verified.checkpoints) == (0, Checkpoint.objects.count())
    write(1, replied.now)
    verified = verify_database()
    assert (verified.whole, verified.unplaced) == (True, 1)


def test_an_altered_reply_is_named(replied: World, tamper: Callable[..., None]) -> None:
    entry = Entry.objects.get(record__event="sign_reply")
    tamper("UPDATE record_entry SET texts = %s WHERE record_id = %s", json.dumps({"reply": "改过的答复"}), entry.pk)
    fault = only_fault()
    assert f"record {entry.pk} (sign_reply {entry.record.subject}), text 'reply'" in fault
    assert "altered" in fault


def test_a_deleted_text_is_named(replied: World, tamper: Callable[..., None]) -> None:
    entry = Entry.objects.get(record__event="sign_reply")
    tamper("UPDATE record_entry SET texts = %s WHERE record_id = %s", "{}", entry.pk)
    assert f"record {entry.pk}" in only_fault()


def test_another_actor_is_named(replied: World, tamper: Callable[..., None]) -> None:
    entry = Entry.objects.get(record__event="sign_reply")
    other = Entry.objects.get(record__event="accept_case")
    Entry.objects.filter(pk=entry.pk).update(actor=other.actor)
    assert f"record {entry.pk}" in only_fault()


def test_an_altered_record_row_is_named(replied: World, tamper: Callable[..., None]) -> None:
    row = Record.objects.get(event="accept_case")
    tamper("UPDATE record_record SET codes = %s WHERE id = %s", json.dumps({"from": "x"}), row.pk)
    fault = only_fault()
    assert fault.startswith(f"position {row.leaf.position}, record {row.pk} (accept_case {row.subject})")
    assert fault.endswith("the record row was altered")


@pytest.mark.parametrize("head_too", [False, True])
def test_the_last_row_dropped_is_named(replied: World, tamper: Callable[..., None], head_too: bool) -> None:
    last = Leaf.objects.order_by("-position")[0]
    tamper("DELETE FROM record_leaf WHERE position = %s", last.position)
    tamper("DELETE FROM record_entry WHERE record_id = %s", last.record_id)
    tamper("DELETE FROM record_record WHERE id = %s", last.record_id)
    if head_too:
        tamper("UPDATE record_loghead SET size = size - 1")
    found = faults()
    assert any(fault.startswith(f"position {last.position}") or f"s {last.position} to" in fault for fault in found)
    assert all("gone" in fault or "are there" in fault for fault in found)


def test_a_row_that_a_follower_has_read_cannot_vanish_before_its_checkpoint(
    replied: World, tamper: Callable[..., None]
) -> None:
    write(1, replied.now)
    seal()
    while follow(FOLLOWERS["search"]):
        pass
    last = Leaf.objects.order_by("-position")[0]
    tamper("DELETE FROM record_leaf WHERE position = %s", last.position)
    tamper("DELETE FROM record_entry WHERE record_id = %s", last.record_id)
    tamper("DELETE FROM record_record WHERE id = %s", last.record_id)
    tamper("UPDATE record_loghead SET size = size - 1")
    assert f"position {last.position}" in only_fault()


def test_a_row_taken_from_the_middle_is_named(replied: World, tamper: Callable[..., None]) -> None:
    position = Leaf.objects.get(record__event="accept_case").position
    tamper("DELETE FROM record_leaf WHERE position = %s", position)
    found = faults()
    assert f"position {position}: what stood here was taken out of the log" in found
    assert any("the row was taken out of the log" in fault for fault in found)


def test_two_rows_exchanged_with_their_leaves_are_named_between_checkpoints(
    replied: World, tamper: Callable[..., None]
) -> None:
    one, other = Leaf.objects.filter(record__event="try_record").order_by("position")[:2]
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    tamper("UPDATE record_leaf SET record_id = -1 WHERE position = %s", one.position)
    tamper(
        "UPDATE record_leaf SET record_id = %s, hash = %s WHERE position = %s",
        one.record_id,
        bytes(one.hash),
        other.position,
    )
    tamper(
        "UPDATE record_leaf SET record_id = %s, hash = %s WHERE position = %s",
        other.record_id,
        bytes(other.hash),
        one.position,
    )
    fault = only_fault()
    assert fault.startswith(f"positions {sizes[-2]} to {sizes[-1] - 1}: the rows are not those that were sealed")
    assert sizes[-2] <= one.position < other.position < sizes[-1]


def test_contents_of_two_rows_exchanged_are_both_named(replied: World, tamper: Callable[..., None]) -> None:
    one, other = Record.objects.filter(event="try_record").order_by("pk")[:2]
    for row, content in ((one, other), (other, one)):
        tamper(
            "UPDATE record_record SET subject = %s, digests = %s WHERE id = %s",
            content.subject,
            json.dumps(content.digests),
            row.pk,
        )
    found = faults()
    for row in (one, other):
        assert any(f"record {row.pk}" in fault and "the record row was altered" in fault for fault in found)


def test_a_deleted_entry_is_named(replied: World, tamper: Callable[..., None]) -> None:
    entry = Entry.objects.get(record__event="sign_reply")
    tamper("DELETE FROM record_entry WHERE record_id = %s", entry.pk)
    assert only_fault().startswith(f"record {entry.pk} (sign_reply {entry.record.subject}): the entry")


def test_a_record_replaced_with_its_leaf_is_narrowed_down_by_checkpoints(
    replied: World, tamper: Callable[..., None]
) -> None:
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    row = Record.objects.get(event="draft_reply")
    assert sizes[0] <= row.leaf.position < sizes[1]
    row.codes = {"from": "elsewhere"}
    tamper("UPDATE record_record SET codes = %s WHERE id = %s", json.dumps(row.codes), row.pk)
    tamper("UPDATE record_leaf SET hash = %s WHERE record_id = %s", leaf_of(row), row.pk)
    fault = only_fault()
    assert fault.startswith(f"positions {sizes[0]} to {sizes[1] - 1}: the rows are not those that were sealed")


def test_an_altered_checkpoint_is_named(replied: World, tamper: Callable[..., None]) -> None:
    newest = Checkpoint.objects.order_by("-size")[0]
    tamper("UPDATE record_checkpoint SET root = %s WHERE size = %s", b"\0" * 32, newest.size)
    assert only_fault() == f"checkpoint of {newest.size} rows: the signature does not fit"


def test_a_row_beyond_the_head_and_one_never_sealed_are_named(replied: World, tamper: Callable[..., None]) -> None:
    tamper("UPDATE record_loghead SET size = size - 1")
    assert any("beyond the end of the log" in fault for fault in faults())
    LogHead.objects.update(size=log_size() + 1)
    (row,) = write(1, replied.now)
    Pending.objects.filter(record=row).delete()
    assert f"record {row.pk} (try_record thing:0): the row was taken out of the log" in faults()


def test_emptied_texts_need_a_recorded_erasure(replied: World) -> None:
    entry = Entry.objects.get(record__event="sign_reply")
    kept = entry.texts, entry.salt, entry.actor
    Entry.objects.filter(pk=entry.pk).update(texts={}, salt=b"")
    assert "emptied" in only_fault()
    Entry.objects.filter(pk=entry.pk).update(texts=kept[0], salt=kept[1], actor=kept[2])
    erase_texts([entry.pk], why="本人依法要求删除", actor=SYSTEM, now=replied.now)
    entry.refresh_from_db()
    assert (entry.texts, bytes(entry.salt), entry.actor) == ({}, b"", None)
    seal_at(replied.later(minutes=5))
    assert verify_database().whole


def test_subtrees_are_stored_and_compared(world: World, tamper: Callable[..., None]) -> None:
    write(600, world.now)
    seal_at(world.now)
    assert Subtree.objects.count() == log_size() // 256
    assert verify_database().whole
    hashes = [bytes(each) for each in Leaf.objects.order_by("position").values_list("hash", flat=True)]
    assert tree(log_size()).root() == root_of(hashes)
    tamper("UPDATE record_subtree SET hash = %s WHERE level = 1 AND %s = 1", b"\1" * 32, 1)
    assert "positions 0 to 255: the stored subtree does not fit its rows" in faults()


def test_the_frontier_has_the_root_of_every_size() -> None:
    frontier, hashes = Frontier(), []
    for number in range(600):
        assert frontier.root() == root_of(hashes)
        hashes.append(leaf_hash(str(number).encode()))
        completed = frontier.add(hashes[-1])
        assert [(each.level, each.index) for each in completed] == ([(1, number // 256)] if number % 256 == 255 else [])
        for each in completed:
            assert each.hash == root_of(hashes[each.index * 256 :])


@pytest.mark.parametrize("table", triggers.TABLES)
@pytest.mark.parametrize("act", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_the_record(world: World, table: str, act: str) -> None:
    write(300, world.now)
    seal_at(world.now)
    column = {"record_record": "event", "record_leaf": "position", "record_checkpoint": "size"}.get(table, "level")
    sql = f"UPDATE {table} SET {column} = {column}" if act == "UPDATE" else f"DELETE FROM {table}"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_record_row_needs_a_transaction_and_each_row_its_own_salt(world: World) -> None:
    one, other = write(2, world.now)
    assert one.entry.salt != other.entry.salt
    assert one.digests["note"] != other.digests["note"]
    assert "第" not in json.dumps(record_content(one), ensure_ascii=False)


def test_a_receipt_before_and_after_sealing(world: World) -> None:
    seal_at(world.now)
    text = world.receive().receipt.text()
    before = verify_receipt(text)
    assert before.holds
    assert (before.signature_ok, before.row_found, before.leaf_matches) == (True, True, True)
    assert (before.position, before.sealed, before.proof_ok) == (None, False, False)
    seal()
    assert verify_receipt(text).position is not None
    assert not verify_receipt(text).sealed
    write(300, world.now)
    seal_at(world.later(minutes=5))
    after = verify_receipt(f" {text[:20]}\n{text[20:]} ")
    assert after.holds
    assert (after.sealed, after.proof_ok, after.size) == (True, True, log_size())
    assert Leaf.objects.get(position=after.position).record_id == parse_receipt(text).record


def test_a_receipt_is_proven_with_few_queries(
    world: World, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    text = world.receive().receipt.text()
    write(600, world.now)
    seal_at(world.now)
    with django_assert_max_num_queries(8):
        assert verify_receipt(text).proof_ok


def test_a_receipt_finds_out_what_was_done_to_its_row(world: World, tamper: Callable[..., None]) -> None:
    opened = world.receive()
    text = opened.receipt.text()
    seal_at(world.now)
    tamper("UPDATE record_record SET subject = %s WHERE id = %s", "别的", opened.record.pk)
    check = verify_receipt(text)
    assert (check.signature_ok, check.row_found, check.leaf_matches, check.holds) == (True, True, False, False)
    row = Record.objects.get(pk=opened.record.pk)
    tamper("UPDATE record_leaf SET hash = %s WHERE record_id = %s", leaf_of(row), row.pk)
    check = verify_receipt(text)
    assert (check.leaf_matches, check.proof_ok, check.holds) == (False, True, False)
    tamper("DELETE FROM record_leaf WHERE record_id = %s", row.pk)
    tamper("DELETE FROM record_entry WHERE record_id = %s", row.pk)
    tamper("DELETE FROM record_record WHERE id = %s", row.pk)
    check = verify_receipt(text)
    assert (check.row_found, check.position, check.holds) == (False, None, False)


def test_a_forged_receipt_and_a_torn_one(world: World) -> None:
    one, other = world.receive().receipt, world.receive().receipt
    forged = type(one)(one.record, other.number, one.at, one.leaf, one.signature)
    assert not verify_receipt(forged.text()).signature_ok
    assert not verify_receipt(forged.text()).holds
    assert not verify_receipt(type(one)(one.record, one.number, one.at, one.leaf, "?").text()).signature_ok
    for torn in ("", "路灯", one.text()[:40], one.text()[3:]):
        with pytest.raises(ReceiptUnreadable):
            verify_receipt(torn)
