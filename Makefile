# Two commands do all the set-up: `make start` and `make test`. Needs Python >= 3.11, git and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install start test fast bars bench check docs messages clean

install: .venv/installed

.venv/installed: requirements.txt pyproject.toml package-lock.json
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	$(BIN)/python -m linli.ground.look.assets
	touch $@

start: install
	$(BIN)/linli init
	$(BIN)/linli start

test: install
	$(BIN)/python tools/check.py

fast: install
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not installation and not journey and not bar"

bars: install
	$(BIN)/python tools/check.py --bars

bench: install
	PYTHONPATH=src $(BIN)/python -m tools.bench

docs: install
	$(BIN)/python tools/make_docs.py

messages: install
	$(BIN)/python tools/messages.py

clean:
	rm -rf .venv node_modules src/linli/ground/look/static/vendor
