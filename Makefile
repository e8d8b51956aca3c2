# Thin calls into dev/. PYTHON names the Python to start with (3.11 or 3.12).
PYTHON ?= python3
DEV = $(PYTHON) -m dev

.PHONY: help demo test test-odoo lint bench screenshots shell clean

help:
	@echo "make demo          a 3PL warehouse on Odoo 19 at http://127.0.0.1:8069 (PORT=8070; ARGS=--no-serve, --fresh)"
	@echo "make test          all tests (T=segregation runs a part)"
	@echo "make test-odoo     Odoo's own tests with the addon loaded"
	@echo "make lint          checks of Python, XML and JavaScript (ARGS=--fix repairs)"
	@echo "make bench         benchmarks (ARGS are passed on)"
	@echo "make screenshots   the pictures of the guides"
	@echo "make shell         an Odoo shell on the demo database"
	@echo "make clean         removes everything the others made"

demo:
	@$(DEV) demo $(if $(PORT),--port $(PORT)) $(ARGS)

test:
	@$(DEV) test "$(T)"

test-odoo:
	@$(DEV) test-odoo

lint:
	@$(DEV) lint $(ARGS)

bench screenshots:
	@$(DEV) $@ $(ARGS)

shell:
	@$(DEV) shell

clean:
	@$(DEV) clean
