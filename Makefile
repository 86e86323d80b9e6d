# What people run. `make try` and `make test` set up what is missing first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
TORCH  := $(shell sed -n "s/^torch==\([^ ]*\).*/\1/p" constraints.txt)

.PHONY: try test coverage soak soak-kills any-bytes check setup constraints bench quality docs clean

try: $(VENV)/.ready
	@$(BIN)/passage try

# Where Python is told to keep no bytecode, each worker and process would compile all anew.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
test: $(VENV)/.ready
	$(PYTEST)

# How much of the code the tests run in their own process: 96 % when this was written.
coverage: $(VENV)/.ready
	$(PYTEST) --cov --cov-report=term --cov-fail-under=95

# Hours of a server's life, with its memory, what was lost and the times: make soak SOAK_MINUTES=120
SOAK_MINUTES ?= 120
soak: $(VENV)/.ready
	SOAK_MINUTES=$(SOAK_MINUTES) $(BIN)/python -m tests.wire.soak

# A reload is killed at that many random moments: make soak-kills KILLS=50 SEED=7
KILLS ?= 50
SEED  ?= $(shell date +%s)
soak-kills: $(VENV)/.ready
	KILLS=$(KILLS) SEED=$(SEED) $(BIN)/python -m pytest -s tests/retrieval/index/test_killed.py

# Files of any bytes are read: make any-bytes FILES=10000
FILES ?= 10000
any-bytes: $(VENV)/.ready
	ANY_BYTES=$(FILES) $(BIN)/python -m pytest tests/retrieval/formats/test_any_bytes.py

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

setup: $(VENV)/.ready

# constraints.txt has the hash of each file: any other is refused, as is whatever is not listed.
# pip comes first, for older ones take no hashes from there; then torch in its build for the
# processor, because from PyPI alone it would bring gigabytes of CUDA.
PINNED := install --quiet --quiet --constraint constraints.txt
$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Passage needs Python 3.11 or newer; set PYTHON=, as in: make setup PYTHON=python3.11"; exit 1; }
	@echo "Setting up $(VENV); the first time takes a few minutes."
	@$(PYTHON) -m venv $(VENV)
	@sed -n '/^pip==/,/[^\]$$/p' constraints.txt > $(VENV)/pip.txt
	@$(PIP) install --quiet --quiet --requirement $(VENV)/pip.txt
	@echo "1 of 3: torch, in its build for the processor ..."
	@$(PIP) $(PINNED) --no-deps --retries 0 --timeout 5 --index-url https://download.pytorch.org/whl/cpu \
		torch==$(TORCH)+cpu 2>$(VENV)/torch.log \
		|| if grep --quiet "DO NOT MATCH" $(VENV)/torch.log; then cat $(VENV)/torch.log; exit 1; fi
	@echo "2 of 3: the other packages ..."
	@$(PIP) $(PINNED) torch setuptools
	@$(PIP) install --quiet --quiet --no-deps --no-build-isolation --editable .
	@$(PIP) $(PINNED) 'passage-bot[dev]'
	@echo "3 of 3: the model ..."
	@$(BIN)/python -m retrieval.embedding.model_build
	@touch $@

# What is pinned stays, unless it is named: make constraints UV='--upgrade-package numpy'
constraints:
	@$(PYTHON) -m venv build/uv
	@sed -n '/^uv==/,/[^\]$$/p' constraints.txt > build/uv/uv.txt
	@build/uv/bin/python -m pip install --quiet --quiet --requirement build/uv/uv.txt
	@build/uv/bin/python -m tests.constraints $(UV)

bench: $(VENV)/.ready-bench
	$(BIN)/python -m bench

# How well members' questions are answered, of the corpora in a folder: make quality FOLDS=path
quality: $(VENV)/.ready
	$(BIN)/python -m bench.quality $(FOLDS)

$(VENV)/.ready-bench: $(VENV)/.ready bench/requirements.txt
	@$(PIP) $(PINNED) --requirement bench/requirements.txt
	@touch $@

# The pages of docs/ as a site in build/site; a broken link ends it.
docs: $(VENV)/.ready-docs
	$(BIN)/python -m tests.docs.generated
	$(BIN)/mkdocs build --strict --quiet
	@echo "Open build/site/index.html"

$(VENV)/.ready-docs: $(VENV)/.ready
	@$(PIP) $(PINNED) 'passage-bot[docs]'
	@touch $@

clean:
	rm -rf $(VENV) data build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
