# Two commands matter: `make demo` runs the site here, `make test` proves it. Both install what they need into .venv.
PYTHON ?= python3
PIP = .venv/bin/python -m pip install --disable-pip-version-check --constraint constraints.txt
export PORT RESET LEARN FORCE
# Some machines keep Python from storing what it has compiled; then each of the many processes compiles all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test backup restore soak lint chromium screenshots

demo: .venv/.run-installed
	@.venv/bin/python -m portal.supervisor --end-with-parent

# One archive with database and files, while the site runs or not; FILE= names it.
backup: .venv/.run-installed
	@.venv/bin/python -m portal.backup make "$(FILE)"

# From it into this data folder (or DATABASE_URL), while the site is stopped. Asks before it replaces anything.
restore: .venv/.run-installed
	@.venv/bin/python -m portal.backup restore "$(FILE)"

# In two processes, each with a database of its own, the long files first (tests/conftest.py sorts them); then those that
# drive Chromium, likewise.
test: .venv/.dev-installed chromium lint
	.venv/bin/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder -m "not browser" $(ARGS) || [ $$? = 5 ] # 5: ARGS chose none of these
	.venv/bin/python -m pytest --numprocesses 2 --dist load -m browser $(ARGS) || [ $$? = 5 ]
	@if command -v node >/dev/null; then node --test tests/js/*.test.js; \
	else echo "No node here: the tests of the browser's pure code (tests/js) did not run."; fi

# The same proofs at the sizes that the issue states; takes long.
soak: .venv/.dev-installed
	SOAK=1 .venv/bin/python -m pytest -m soak $(ARGS)

lint: .venv/.dev-installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	.venv/bin/python -m portal.embedded run -- .venv/bin/python manage.py makemigrations --check --dry-run

chromium: .venv/.dev-installed
	@.venv/bin/python -m tests.chromium

# The README's pictures, from a demo that runs at SITE.
SITE ?= http://localhost:8000
screenshots: .venv/.dev-installed chromium
	.venv/bin/python -m docs.screenshots $(SITE)

# Stamps: pip runs again only when a list or a pin has changed.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Voorwerp needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

# Torch comes along where LEARN=1 asks for it, or where a folder of wheels that pip is told of (find-links) has a build: that
# is a CPU build on disk, while the public registry's brings gigabytes. LEARN=0: never.
.venv/.run-installed: requirements/run.txt requirements/learn.txt constraints.txt | .venv/bin/python
	@echo "Installing what the site needs (once, a few minutes) ..."
	$(PIP) --requirement requirements/run.txt
	@if [ "$(LEARN)" = 1 ] || { [ -z "$(LEARN)" ] && $(PIP) --quiet --no-index --no-deps --dry-run torch >/dev/null 2>&1; }; \
	then $(PIP) --requirement requirements/learn.txt; fi
	@touch $@

.venv/.dev-installed: requirements/dev.txt .venv/.run-installed
	@echo "Installing what the tests need ..."
	$(PIP) --requirement requirements/dev.txt
	@touch $@

# Other people's libraries, for benchmarks/science_table.py only, in an environment of their own (they want other versions).
peers: .venv-peers/.installed
.venv-peers/.installed: requirements/peers.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --disable-pip-version-check --requirement requirements/peers.txt
	@touch $@

# Writes the tables of docs/science.md anew; DATA is a folder of crowd sets (NAME/labels.csv, NAME/truth.csv).
DATA ?= ../shared/data
science-table: .venv/.run-installed
	.venv/bin/python -m benchmarks.science_table $(DATA)
