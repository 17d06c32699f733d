# The two commands a newcomer types are `make demo` and `make test`; both set up what they need, once.
.PHONY: demo test lint setup verify bench-setup wheelhouse clean
.DELETE_ON_ERROR:

READY := .venv/.ready
TWEETS := data/tweets/.made
# wheels fetched before by `make wheelhouse` are used instead of the network
WHEELS := $(if $(wildcard wheelhouse/*.whl),PIP_NO_INDEX=1 PIP_FIND_LINKS=wheelhouse)

demo: $(TWEETS)
	@.venv/bin/harness demo

test: $(TWEETS)
	@.venv/bin/python -m pytest --numprocesses 2 --dist worksteal

lint: $(READY)
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

verify: $(TWEETS)
	@.venv/bin/harness verify

setup: $(TWEETS)

bench-setup: $(READY)
	@.venv/bin/pip install -q --disable-pip-version-check -r requirements-bench.txt

wheelhouse: $(READY)
	@.venv/bin/pip wheel -q --disable-pip-version-check --wheel-dir wheelhouse -r requirements.txt \
	&& echo "wheelhouse/: $$(ls wheelhouse | wc -l) wheels, $$(du -sh wheelhouse | cut -f1), for $$(.venv/bin/python --version) on $$(uname -sm)." \
	&& echo "Copy the whole folder, wheelhouse/ included: there \`make demo\` needs no network."

$(TWEETS): | $(READY)
	@.venv/bin/harness data make

$(READY): requirements.txt pyproject.toml
	@python=; for name in python3 python3.13 python3.12 python3.11; do \
	  if $$name -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "make: Python 3.11, 3.12 or 3.13 with venv is needed and none is on the PATH: install one, then run make again." >&2; exit 2; fi; \
	echo "Setting up .venv with $$($$python --version) (once; about a minute)"; \
	$$python -m venv .venv && $(WHEELS) .venv/bin/pip install -q --disable-pip-version-check -r requirements.txt \
	&& .venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . && touch $@

clean:
	rm -rf .venv data/tweets
