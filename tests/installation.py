"""The installation that tests run on, set before anything of Django is imported: loaded by `-p tests.installation`."""

import os
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="linli-test-"))
os.environ["LINLI_HOME"] = str(HOME)
os.environ["OPENPYXL_LXML"] = "False"  # only the object store of the tests brings lxml
os.environ["LINLI_SECRET_KEY"] = "only-for-tests"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{HOME / 'linli.sqlite3'}"
os.environ["DJANGO_SETTINGS_MODULE"] = "linli.site.settings"
