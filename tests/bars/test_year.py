"""A year of the sample district: founded, played, indexed and verified as `linli init --year` does it."""

import time

import pytest

from tests.bars.conftest import Installation

DEMANDS, SECONDS = 20_000, 600


@pytest.mark.bar
def test_a_year_is_played_in_ten_minutes(installation: Installation) -> None:
    began = time.monotonic()
    founded = installation.run("init", "--year")
    seconds = time.monotonic() - began
    verified = installation.run("record", "verify")
    print(
        f"\n{founded['demands']:,} demands, {founded['acts']:,} acts in {seconds:.0f} s "
        f"({founded['acts'] / seconds:.0f} acts a second); {verified['database']['rows']:,} record rows"
    )
    assert verified["whole"]
    assert verified["database"]["unplaced"] == 0
    assert founded["demands"] >= DEMANDS
    assert seconds <= SECONDS
    installation.start()
