"""Text messages of the residents' pages are caught, and tasks run at once."""

from typing import Any

import pytest

from linli.ground.notices import tasks
from tests.faces.portal_visitor import Messages


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Messages:
    kept = Messages()
    monkeypatch.setattr(tasks, "send_sms", kept.send)
    return kept


@pytest.fixture
def _tasks_at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
