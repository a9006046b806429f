"""Bar: two hundred clients take the same step on the same twenty demands at once, beside doubled processes."""

import json
import random
import subprocess
import threading
from collections import Counter
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.bars.conftest import LINLI, Installation, python

CLIENTS, MATTERS = 200, 20

SET_UP = """
from django.utils import timezone
from linli.ground.exchange.actions.make_token import make_token
from linli.ground.exchange.scopes import Scope
from linli.ground.organizations.models import Organization
from linli.ground.people.models import Account
from linli.ground.people.selectors import actor_of
from linli.kernel.access import SYSTEM, VISITOR
from linli.services.cases.actions.receive_case import receive_case
from linli.services.cases.feature import CASES
from linli.services.catalogue.models import Topic
now = timezone.now()
account = Account.objects.get(login=os.environ["DISPATCHER"])
actor = actor_of(account, now)
centre = Organization.objects.select_related("area").get(pk=actor.appointments[0].organization_id)
place = centre.area.__class__.objects.filter(path__startswith=centre.area.path, level="community").first()
topic = Topic.objects.filter(numchild=0, responsible="street").first()
unit = Organization.objects.get(area=centre.area, street_unit="urban_management")
numbers = []
for each in range(int(os.environ["MATTERS"])):
    given = {"title": f"第{each}件", "text": "路灯不亮。", "place": place}
    matter = receive_case(actor=VISITOR, now=now, visibility="private", **given).matter
    CASES.actions["file_case"](matter.pk, actor=actor, now=now, topic=topic)
    numbers.append(matter.number)
_, token = make_token(account, name="race", scopes=tuple(Scope), days=1, actor=SYSTEM, now=now)
print(json.dumps({"numbers": numbers, "token": token, "unit": str(unit.pk)}))
"""

COUNTED = """
from collections import Counter
from linli.ground.matters.models import Matter
from linli.ground.record.models import Record
numbers = json.loads(os.environ["NUMBERS"])
rows = Record.objects.filter(subject__in=numbers)
print(json.dumps({
    "dispatched": dict(Counter(rows.filter(event="dispatch_case").values_list("subject", flat=True))),
    "states": dict(Counter(Matter.objects.filter(number__in=numbers).values_list("state", flat=True))),
}))
"""


class Race:
    """Clients that begin together; each goes through all the matters in an order of its own."""

    def __init__(self, installation: Installation, given: dict[str, Any]) -> None:
        self.port, self.given = installation.port, given
        self.together = threading.Barrier(CLIENTS)
        self.answers: list[tuple[str, int, dict[str, Any]]] = []

    def run(self) -> None:
        threads = [threading.Thread(target=self.client, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def client(self, number: int) -> None:
        order = random.Random(number).sample(self.given["numbers"], MATTERS)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        self.together.wait()
        for each in order:
            headers = {
                "Authorization": f"Bearer {self.given['token']}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"race-{number}-{each}",
            }
            connection.request(
                "POST", f"/api/v1/cases/{each}/dispatch_case", json.dumps({"unit": self.given["unit"]}), headers
            )
            answer = connection.getresponse()
            self.answers.append((each, answer.status, json.loads(answer.read())))
        connection.close()


@pytest.mark.bar
def test_two_hundred_clients_and_one_winner_each(installation: Installation) -> None:
    installation.environment |= {"LINLI_API_WRITES_PER_MINUTE": "1000000", "LINLI_API_READS_PER_MINUTE": "1000000"}
    founded: dict[str, Any] = installation.run("init")
    login = next(each["login"] for each in founded["logins"] if each["role"] == "dispatcher")
    given = python(installation, SET_UP, DISPATCHER=login, MATTERS=str(MATTERS))
    installation.start()
    # By mistake: two more workers, each a sealer too, and two more clocks.
    doubled = [
        subprocess.Popen([LINLI, command], env=installation.environment) for command in ("worker", "worker", "clock")
    ]
    try:
        race = Race(installation, given)
        ticking = subprocess.Popen([LINLI, "tick", "--json"], env=installation.environment, stdout=subprocess.DEVNULL)
        race.run()
        assert ticking.wait() == 0
    finally:
        for process in doubled:
            process.terminate()
            process.wait()
    installation.kill()
    installation.run("record", "seal")
    assert installation.run("record", "verify")["whole"]
    counted = python(installation, COUNTED, NUMBERS=json.dumps(given["numbers"]))
    statuses = Counter(status for _, status, _ in race.answers)
    print(f"\n{len(race.answers)} answers {dict(statuses)}, {counted}")
    assert len(race.answers) == CLIENTS * MATTERS
    assert sorted(number for number, status, _ in race.answers if status == 200) == sorted(given["numbers"])
    assert set(statuses) == {200, 409}
    assert all(body["code"] == "not_open" and body["detail"] for _, status, body in race.answers if status == 409)
    assert counted["dispatched"] == dict.fromkeys(given["numbers"], 1)
    assert counted["states"] == {"dispatched": MATTERS}
