# Everything a person runs. `make help` lists it.
BUILD ?= build
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
LOCALSTATEDIR ?= /var
CC = gcc
CFLAGS ?= -O3 -g -fno-math-errno
WARN = -std=c17 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
PKGS = json-c libsodium mariadb libcurl cjose libutf8proc libzstd
CPPFLAGS += -D_GNU_SOURCE -Ilib -I$(BUILD)/gen $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LDFLAGS += -Wl,--as-needed
# What turns a slip of memory into an end of the process instead of somebody else's program. Sanitizers do that themselves and see
# more, and _FORTIFY_SOURCE is nothing without optimisation.
CF_PROTECTION := $(if $(filter x86_64 i%86,$(shell $(CC) -dumpmachine | cut -d- -f1)),-fcf-protection)
HARDEN := $(if $(findstring -fsanitize,$(CFLAGS)),,-fPIE -fstack-protector-strong -fstack-clash-protection $(CF_PROTECTION) \
    $(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3))
HARDEN_LD := $(if $(findstring -fsanitize,$(CFLAGS)),,-pie) -Wl,-z,relro,-z,now,-z,noexecstack
# Those of the program that draws pictures; no other program links them.
DRAW_PKGS = librsvg-2.0 javascriptcoregtk-4.1 libseccomp
DRAW_CFLAGS = $(shell pkg-config --cflags $(DRAW_PKGS) 2>/dev/null | sed 's/-I/-isystem /g')
DRAW_LIBS = $(shell pkg-config --libs $(DRAW_PKGS) 2>/dev/null)
LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lopenblas -lcsv -linih -lz -lm -lpthread

# The release, and the commit in a checkout. The file changes when they do, and with it the one object that knows them, which the two
# programs link and nothing else: a commit does not relink every test.
VERSION := $(shell cat VERSION)$(if $(wildcard .git),$(shell git rev-parse --short=10 HEAD 2>/dev/null | sed 's/^/+/'))

VERSION_OBJ := $(BUILD)/lib/base/version.o
LIB_SRC := $(filter-out lib/base/version.c,$(wildcard lib/*/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CGI_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard cgi/*.c))
MPI_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard mpi/*.c))
MPI_TEST := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/mpi/*.c))
DRAW_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard draw/*.c))
JOB_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard jobs/*.c))
TEST_SRC := $(wildcard tests/unit/*_test.c tests/module/*_test.c)
TEST_BIN := $(TEST_SRC:%.c=$(BUILD)/%)
TORTURE_BIN := $(filter $(BUILD)/tests/unit/torture% $(BUILD)/tests/module/torture%,$(TEST_BIN))
FUZZ_BIN := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*_fuzz.c))
PLAIN_BIN := $(patsubst %.c,$(BUILD)/%,$(wildcard tools/*.c tests/harness/*.c tests/systemd/*.c))
LOAD_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/load/*.c))
TOOL_BIN := $(PLAIN_BIN) $(BUILD)/tests/load/visitors $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c tests/quality/*.c tests/tools/*.c))
WWW_SRC := $(shell find www -type f -not -path '*/node_modules/*' 2>/dev/null)
JOBS = -j$(shell nproc)

.PHONY: FORCE site all programs man www help run test lint sanitize torture coverage bench airflow box load week security mutate engines golden spark mpi peers fuzz install uninstall deb format clean
site: ## the programs, their manual and the pages: what `make install` installs
	@tools/packages build
	@$(MAKE) -s $(JOBS) programs man www
all: programs man $(TEST_BIN) $(FUZZ_BIN) $(TOOL_BIN)

# Manual pages say what the programs' own help says (jobs/man).
man: $(BUILD)/man/mvti.1
$(BUILD)/man/mvti.1: jobs/man $(BUILD)/mvti $(BUILD)/mvti-worker
	jobs/man $(BUILD)

programs: $(if $(CGI_OBJ),$(BUILD)/mvti-worker) $(if $(JOB_OBJ),$(BUILD)/mvti) $(BUILD)/mvti-draw $(BUILD)/picture/version

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo "Options of run: PORT=8080 WORKERS=$$(nproc) DATA=folder LIMITS=off DEV_LOGIN=1 ADMINS=dev:me; of test: ONLY=\"unit http\"; of install: DESTDIR= PREFIX=$(PREFIX)"

run: ## install what is missing, build, and run the site on http://127.0.0.1:8080 until Ctrl-C
	@tools/packages build run $(if $(DEV_LOGIN),login)
	@$(MAKE) -s $(JOBS) programs www $(if $(DEV_LOGIN),$(BUILD)/tools/free_port)
	@BUILD=$(BUILD) exec tools/run-local

test: ## the whole ladder; ends in "N passed, N failed"
	@tools/packages build run test cluster
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) ONLY="$(ONLY)" exec tests/run

lint: ## clang-format, clang-tidy, cppcheck, layers, symbols, sizes, columns, ruff, sqlfluff, Biome, shellcheck, and warnings of gcc and clang
	@tools/packages build lint
	@$(MAKE) -s $(JOBS) all
	@$(MAKE) -s $(JOBS) all BUILD=build-clang CC=clang
	@exec tests/tools/lint

sanitize: ## the C parts of the ladder under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/packages build run
	@$(MAKE) -s $(JOBS) all BUILD=build-sanitize CFLAGS="$(SANITIZE)" WARN=-std=c17
	@BUILD=build-sanitize ONLY="unit module fuzz" exec tests/run

# WARN as for sanitizers: warnings are judged where the optimizer looks. The floors are judged though a test failed, which is told as well.
COVERAGE_PARTS = $(or $(ONLY),unit module fuzz edge http tracking load)
coverage: ## lines and branches of cgi, jobs, lib that the C and HTTP tests run, against tests/coverage.txt; ONLY="unit module fuzz" is quicker
	@tools/packages build run test coverage
	@$(MAKE) -s $(JOBS) all www BUILD=build-coverage CFLAGS="-O0 -g --coverage -fprofile-update=atomic" WARN=-std=c17
	@find build-coverage -name '*.gcda' -delete
	@status=0; BUILD=build-coverage CATALOG_BRIEF=1 ONLY="$(COVERAGE_PARTS)" tests/run || status=1; \
	    PARTS="$(COVERAGE_PARTS)" tests/tools/coverage build-coverage || status=1; exit $$status

torture: ## every allocation of a page, a request with the database, a command, a reader or a trainer fails once, under AddressSanitizer
	@tools/packages build run
	@$(MAKE) -s $(JOBS) $(TORTURE_BIN:$(BUILD)/%=build-sanitize/%) BUILD=build-sanitize CFLAGS="$(SANITIZE)" WARN=-std=c17
	@for test in $(TORTURE_BIN:$(BUILD)/%=build-sanitize/%); do MVTI_TORTURE=full $$test || exit 1; done

bench: ## measurements into tests/bench/results; DATA= for another catalog than ../shared/data
	@tools/packages build run bench
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) exec tests/bench/run

airflow: ## the DAG of the night on a real Airflow 3 from PyPI
	@tools/packages build run test
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) exec tests/airflow/run

box: ## installed on a machine of its own with systemd as PID 1, as root: what breaks heals, also where that takes minutes; BOX="heal" for some
	@tools/packages build run test
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) BOX="$(BOX)" BOX_LONG=1 VERBOSE=1 exec tests/box/run

load: ## 200 visitors at once for 60 s through login, test, like, logout; CRASH=1 kills workers and MariaDB in the middle
	@tools/packages build run test
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) exec tests/load/run

cluster: ## three database nodes, two web hosts, HAProxy and visitors in network namespaces, as root: parts die and return; VISITORS= MINUTES= EVERY=
	@tools/packages build run test cluster
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) exec tests/cluster/run

security: ## schemathesis, sqlmap and wapiti (from PyPI) on a stack of their own, on loopback
	@tools/packages build run test
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) exec tests/security/run

week: ## a week of 3,000 visitors as the owner sees it: funnel, learning, an attack, a worse model, all questions; VISITORS= DAYS=
	@tools/packages build run test
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) exec tests/week/run

golden: ## draw the pictures anew that part `golden` compares pages with, and a page to look at; they belong to this Chromium
	@tools/packages build run test
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) DRAW=1 ONLY=golden exec tests/run

engines: ## the journey in Debian's Firefox and WebKitGTK, and Lighthouse on a page of each kind; on an idle machine
	@tools/packages build run test engines
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) ONLY="engines lighthouse" exec tests/run

spark: ## exports read by Spark, and a copy kept with it
	@tools/packages build run test spark
	@$(MAKE) -s $(JOBS) all www
	@BUILD=$(BUILD) ONLY=spark exec tests/run

mpi: ## EASE by several processes (ScaLAPACK, Open MPI): builds build/mvti-mpi and tests it
	@tools/packages build run test mpi
	@$(MAKE) -s $(JOBS) all $(BUILD)/mvti-mpi $(MPI_TEST)
	@BUILD=$(BUILD) ONLY=mpi exec tests/run

peers: ## accuracy and speed beside RecBole, and the encoder beside sentence-transformers, into tests/peers/results
	@tools/packages build run peers
	@$(MAKE) -s $(JOBS) all
	@BUILD=$(BUILD) exec tests/peers/run

mutate: ## break each line that keeps visitors safe, one at a time, and see which tests notice; ONLY="lib/auth lib/app/login.c" for some
	@tools/packages build run test
	@exec tests/security/mutate $(ONLY)

fuzz: ## libFuzzer on every reader of foreign bytes, FUZZ_SECONDS=60 each
	@tools/packages build lint
	@$(MAKE) -s $(JOBS) $(FUZZ_BIN:$(BUILD)/%=build-fuzz/%) BUILD=build-fuzz CC=clang FUZZ_MAIN= \
	    CFLAGS="$(SANITIZE) -fsanitize=fuzzer-no-link" WARN=-std=c17 FUZZ_LDFLAGS=-fsanitize=fuzzer
	@exec tests/fuzz/run $(or $(FUZZ_SECONDS),60)

format: ## clang-format on every C file, Biome on every script of the pages and tests
	@git ls-files '*.c' '*.h' | xargs clang-format -i
	@tests/tools/lint-packages var/lint && git ls-files 'www/js/*.js' 'www/root/*.js' 'tests/*.mjs' | \
	    xargs var/lint/node_modules/.bin/biome format --write --config-path=tests/tools/javascript.json

SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

# The pages, with names by content: www/build knows how. They are compressed once and sent often, so the slower compressor pays: 2 % less.
www: $(if $(wildcard www/build),$(BUILD)/www/index.html)
$(BUILD)/www/index.html: $(WWW_SRC) lib/app/recommend.h
	@mkdir -p $(@D)
	www/build $(BUILD)/www
	@find $(BUILD)/www/assets -type f -regex '.*\.\(js\|css\|svg\|json\)' \
	    -exec sh -c 'for f; do [ -e "$$f.gz" ] || echo "$$f"; done' sh {} + | xargs -r zopfli

# The words of the pages' dictionaries, for the pages that workers write.
WORDS := $(BUILD)/gen/site_words.inc
$(WORDS): www/words $(wildcard www/js/i18n/*.js www/server/*.js)
	www/words $@
# The addresses of the pages' table of routes, for the sitemap.
PAGES := $(BUILD)/gen/site_pages.inc
$(PAGES): www/sitemap www/route_table.py www/js/routes.js
	www/sitemap $@

# The newest schema that the programs know: the number of the last migration.
SCHEMA := $(BUILD)/gen/store/schema_version.inc
$(SCHEMA): $(wildcard sql/migrations/*.sql)
	@mkdir -p $(@D)
	@echo 'enum { SCHEMA_VERSION = $(shell ls sql/migrations | sed -n 's/^0*\([0-9]*\)_.*/\1/p' | sort -n | tail -n 1) };' >$@

$(BUILD)/libmvti.a: $(LIB_OBJ)
	@rm -f $@ && ar rcs $@ $^

# Pages run in tests without libfcgi: everything of cgi/ but main and fcgi goes into this archive.
PAGE_OBJ := $(filter-out $(BUILD)/cgi/main.o $(BUILD)/cgi/fcgi.o,$(CGI_OBJ))
$(BUILD)/libpages.a: $(PAGE_OBJ)
	@rm -f $@ && ar rcs $@ $^

# The commands' parts likewise: everything of jobs/ but main.
$(BUILD)/libjobs.a: $(filter-out $(BUILD)/jobs/main.o,$(JOB_OBJ))
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/mvti-worker: $(CGI_OBJ) $(VERSION_OBJ) $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $(CGI_OBJ) $(VERSION_OBJ) $(BUILD)/libmvti.a -lfcgi -lsystemd $(LIBS)

$(BUILD)/mvti: $(JOB_OBJ) $(VERSION_OBJ) $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $(JOB_OBJ) $(VERSION_OBJ) $(BUILD)/libmvti.a -lsystemd $(LIBS)

$(DRAW_OBJ): CPPFLAGS += $(DRAW_CFLAGS)
$(BUILD)/mvti-draw: $(DRAW_OBJ) $(VERSION_OBJ) $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $(DRAW_OBJ) $(VERSION_OBJ) $(BUILD)/libmvti.a $(DRAW_LIBS) -lm

# EASE by several processes. Nothing else is linked with MPI, and `make all` builds none of it.
MPI_LIBS = -lscalapack-openmpi
$(BUILD)/mvti-mpi: $(MPI_OBJ) $(VERSION_OBJ) $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(MPI_LIBS) $(LIBS)

$(MPI_TEST): %: %.o $(filter-out $(BUILD)/mpi/main.o,$(MPI_OBJ)) $(BUILD)/libfixture.a $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(MPI_LIBS) $(LIBS)

# What it draws with: the page's own drawings and fonts.
$(BUILD)/picture/version: $(wildcard www/picture/* www/js/art/*.js www/fonts/*.woff2)
	www/picture/build $(@D)

# What several tests need, such as a small snapshot.
FIX_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fixture/*.c))
$(BUILD)/libfixture.a: $(FIX_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/tests/%_test: $(BUILD)/tests/%_test.o $(BUILD)/libfixture.a $(BUILD)/libpages.a $(BUILD)/libjobs.a $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS)

# Tests of what happens when memory runs out ask another allocator, on behalf of our own objects (tests/fixture/failing.h).
FAILING = malloc calloc realloc aligned_alloc strdup strndup free arena_alloc arena_array arena_strndup arena_strdup arena_printf
$(TORTURE_BIN): LDFLAGS += $(FAILING:%=-Wl,--wrap=%)

$(BUILD)/tests/unit/restarts_test: LIBS += -lsystemd

# And tests of what happens when the database refuses a statement ask through another door (tests/fixture/refusing.h).
REFUSING = db_exec db_query db_first db_begin db_commit db_exec_text
$(filter $(BUILD)/tests/module/refused% $(BUILD)/tests/module/killed%,$(TEST_BIN)): LDFLAGS += $(REFUSING:%=-Wl,--wrap=%)

# Those of jobs that are killed, or find the disk full, where they change files (tests/fixture/dying.h).
DYING = open write pwrite fsync rename link unlink symlink mkdir
$(BUILD)/tests/module/killed_jobs_test: LDFLAGS += $(DYING:%=-Wl,--wrap=%)

# Fuzz targets replay their corpus through a plain driver; `make fuzz` links libFuzzer in its place.
FUZZ_MAIN = $(BUILD)/tests/fuzz/driver.o
$(BUILD)/tests/fuzz/%_fuzz: $(BUILD)/tests/fuzz/%_fuzz.o $(FUZZ_MAIN) $(BUILD)/libfixture.a $(BUILD)/libpages.a $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(FUZZ_LDFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/systemd/filtered: PLAIN_LIBS = -lseccomp
$(BUILD)/tests/harness/patience $(BUILD)/tests/systemd/activation: $(BUILD)/tests/fixture/patience.o
$(PLAIN_BIN): %: %.o
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(PLAIN_LIBS)

$(BUILD)/tests/quality/%: $(BUILD)/tests/quality/%.o $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/load/visitors: $(LOAD_OBJ) $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libfixture.a $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) -o $@ $^ -lfcgi $(LIBS)

$(BUILD)/%.o: %.c Makefile | $(WORDS) $(PAGES) $(SCHEMA)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(HARDEN) $(WARN) -Icgi -Itests -I. -MMD -MP -c -o $@ $<

$(VERSION_OBJ): CPPFLAGS += -DMVTI_VERSION='"$(VERSION)"'
$(VERSION_OBJ): $(BUILD)/version
$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' >$@

# For editors and language servers.
compile_commands.json: Makefile $(wildcard lib/*/*.c cgi/*.c jobs/*.c tools/*.c tests/*/*.c) ## how each C file is compiled, for editors
	@for file in $(filter %.c,$^); do \
	    printf '{"directory": "%s", "file": "%s", "command": "$(CC) %s -c %s"},\n' "$(CURDIR)" "$$file" \
	        '$(subst ",\\",$(CPPFLAGS) $(CFLAGS) $(WARN) -DMVTI_VERSION= -Icgi -Itests -I.)' "$$file"; \
	done | sed '1s/^/[/; $$s/,$$/]/' >$@

.SECONDARY:
-include $(shell find $(addprefix $(BUILD)/,cgi draw jobs lib tests tools) -name '*.d' -type f -not -path '*-venv/*' 2>/dev/null)

clean:
	rm -rf $(BUILD)

# Everything below $(DESTDIR); templates get the final paths. What the administrator edits (mvti.conf, proxies.conf, the site of nginx) is never
# overwritten. Pages go before visitors at once where nothing is staged (DESTDIR); a package's script does that for itself.
SHARE = $(PREFIX)/share/mvti
LIBEXEC = $(PREFIX)/libexec/mvti
UNITS = $(PREFIX)/lib/systemd/system
SITE = $(SYSCONFDIR)/nginx/sites-available/mvti.conf
FILL = tools/fill
PATHS = PREFIX=$(PREFIX) SYSCONFDIR=$(SYSCONFDIR) HARDENING="$$(cat systemd/hardening.inc)"
install: programs man www ## programs, manual pages, web pages, SQL, nginx site, systemd units; DESTDIR= and PREFIX=/usr/local
	install -d $(addprefix $(DESTDIR),$(PREFIX)/bin $(LIBEXEC) $(SHARE)/sql $(SHARE)/nginx $(SHARE)/systemd/others $(SHARE)/jobs/airflow $(UNITS) $(PREFIX)/lib/sysusers.d \
	    $(PREFIX)/lib/tmpfiles.d $(PREFIX)/share/man/man1 $(PREFIX)/share/man/man8 $(PREFIX)/share/doc/mvti $(SYSCONFDIR)/mvti $(SYSCONFDIR)/mvti/providers $(SYSCONFDIR)/mvti/nginx $(SYSCONFDIR)/nginx/sites-available)
	install -m 755 $(BUILD)/mvti $(BUILD)/mvti-worker $(BUILD)/mvti-draw $(DESTDIR)$(PREFIX)/bin
	rm -rf $(DESTDIR)$(SHARE)/picture && cp -R $(BUILD)/picture $(DESTDIR)$(SHARE)/picture
	install -m 644 $(BUILD)/man/mvti.1 draw/mvti-draw.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(BUILD)/man/mvti-worker.8 $(DESTDIR)$(PREFIX)/share/man/man8
	cp -R sql/reference sql/migrations sql/sample sql/database.sql sql/grants.sql sql/grants_admin.sql sql/for-host $(DESTDIR)$(SHARE)/sql
	rm -rf $(DESTDIR)$(SHARE)/pages && cp -R $(BUILD)/www $(DESTDIR)$(SHARE)/pages
	install -m 755 tools/switch-pages tools/restart-workers tools/uphold tools/leave tools/send-offer $(DESTDIR)$(LIBEXEC)
	install -m 644 tools/catalog.sh $(DESTDIR)$(SHARE)
	$(FILL) tools/setup.in $(PATHS) >$(DESTDIR)$(LIBEXEC)/setup && chmod 755 $(DESTDIR)$(LIBEXEC)/setup
	[ -n "$(DESTDIR)" ] || $(LIBEXEC)/switch-pages $(SHARE)/pages $(LOCALSTATEDIR)/lib/mvti-www $(SHARE)/www
	install -m 644 $(filter-out nginx/proxies.conf,$(wildcard nginx/*.conf nginx/*.nft)) $(DESTDIR)$(SHARE)/nginx
	install -d $(DESTDIR)$(SHARE)/systemd/prometheus
	install -m 644 systemd/prometheus/loopback.conf systemd/prometheus/alerts.yml systemd/prometheus/dashboard.json $(DESTDIR)$(SHARE)/systemd/prometheus
	install -m 644 LICENSE README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md $(DESTDIR)$(PREFIX)/share/doc/mvti
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/mvti/docs && cp -R docs $(DESTDIR)$(PREFIX)/share/doc/mvti/docs
	pages=$$(tools/pages $(BUILD)/mvti-worker) && kept=$$(tools/kept $(BUILD)/mvti-worker) && for part in http site; do $(FILL) nginx/$$part.conf.in PAGES="$$pages" KEPT="$$kept" CACHE=mvti CACHE_DIR=/var/cache/nginx-mvti PROXIES=$(SYSCONFDIR)/mvti/proxies.conf WWW=$(SHARE)/www NGINX=$(SHARE)/nginx \
	    SOCKET=/run/mvti/worker.sock LOGIN_SOCKET=/run/mvti/login.sock EXPORT_SOCKET=/run/mvti/export.sock PICTURE_SOCKET=/run/mvti/picture.sock CONSOLE='$(SYSCONFDIR)/mvti/nginx/*.conf' LIMIT_KEY='$$mvti_network' ACCESS_LOG=/var/log/nginx/mvti.log \
	    >$(DESTDIR)$(SHARE)/nginx/$$part.conf || exit 1; done
	[ -e $(DESTDIR)$(SITE) ] || $(FILL) nginx/server.conf.in LISTEN=80 LISTEN6='listen [::]:80;' SERVER_NAME=_ NGINX=$(SHARE)/nginx >$(DESTDIR)$(SITE)
	@grep -q '$(SHARE)/nginx/site.conf' $(DESTDIR)$(SITE) || echo "$(SITE) is from before site.conf: take names and certificates from it into what nginx/server.conf.in says"
	$(FILL) nginx/tls.conf.example.in NGINX=$(SHARE)/nginx >$(DESTDIR)$(SHARE)/nginx/tls.conf.example
	install -m 644 systemd/others/*.conf $(DESTDIR)$(SHARE)/systemd/others
	install -d $(DESTDIR)$(SHARE)/systemd/cluster && install -m 644 systemd/cluster/* $(DESTDIR)$(SHARE)/systemd/cluster && chmod 755 $(DESTDIR)$(SHARE)/systemd/cluster/galera-ready
	$(FILL) nginx/admin.conf.in ADMIN_SOCKET=/run/mvti/admin.sock NGINX=$(SHARE)/nginx >$(DESTDIR)$(SHARE)/nginx/admin.conf
	for unit in systemd/*.service.in; do name=$${unit##*/}; \
	    $(FILL) $$unit $(PATHS) >$(DESTDIR)$(UNITS)/$${name%.in} || exit 1; done
	install -m 644 systemd/*.socket systemd/*.timer systemd/*.path systemd/*.target $(DESTDIR)$(UNITS)
	$(FILL) systemd/remote-database.conf.in $(PATHS) >$(DESTDIR)$(SHARE)/systemd/remote-database.conf
	$(FILL) systemd/remote-database UNITS=$(UNITS) SYSCONFDIR=$(SYSCONFDIR) >$(DESTDIR)$(SHARE)/systemd/remote-database && chmod 755 $(DESTDIR)$(SHARE)/systemd/remote-database
	install -m 644 jobs/airflow/mvti_night.py $(DESTDIR)$(SHARE)/jobs/airflow
	install -d $(DESTDIR)$(SYSCONFDIR)/mvti/notify $(DESTDIR)$(UNITS)/mvti-.service.d $(DESTDIR)$(UNITS)/mvti-notify@.service.d
	install -m 644 systemd/notify.conf $(DESTDIR)$(UNITS)/mvti-.service.d
	install -m 644 systemd/notify-none.conf $(DESTDIR)$(UNITS)/mvti-notify@.service.d/notify.conf
	install -m 644 systemd/mvti.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/mvti.conf
	install -m 644 systemd/mvti.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/mvti.conf
	[ -e $(DESTDIR)$(SYSCONFDIR)/mvti/proxies.conf ] || \
	    install -m 644 nginx/proxies.conf $(DESTDIR)$(SYSCONFDIR)/mvti/proxies.conf
	[ -e $(DESTDIR)$(SYSCONFDIR)/mvti/mvti.conf ] || \
	    $(FILL) systemd/mvti.conf.in $(PATHS) >$(DESTDIR)$(SYSCONFDIR)/mvti/mvti.conf

# What `mvti setup` made, and what administrators wrote, stays: docs/operating.md says what else there is to remove.
uninstall: ## removes what `make install` installed, but not settings, state and database; PREFIX= as then
	[ -n "$(DESTDIR)" ] || $(LIBEXEC)/leave
	rm -rf $(addprefix $(DESTDIR),$(SHARE) $(LIBEXEC) $(PREFIX)/share/doc/mvti)
	rm -f $(addprefix $(DESTDIR),$(PREFIX)/bin/mvti $(PREFIX)/bin/mvti-worker $(PREFIX)/bin/mvti-draw $(PREFIX)/share/man/man1/mvti.1 \
	    $(PREFIX)/share/man/man1/mvti-draw.1 $(PREFIX)/share/man/man8/mvti-worker.8 $(PREFIX)/lib/sysusers.d/mvti.conf $(PREFIX)/lib/tmpfiles.d/mvti.conf)
	rm -rf $(DESTDIR)$(UNITS)/mvti.target $(DESTDIR)$(UNITS)/mvti-*

deb: ## the Debian package into build/deb, and what lintian says of it; DEB_VERSION= for a higher version than debian/changelog
	@tools/packages build deb
	@tools/deb $(DEB_VERSION)

# For tools that compile by themselves.
print-flags: $(WORDS) $(PAGES) $(SCHEMA)
	@echo "-std=c17 $(CPPFLAGS) $(DRAW_CFLAGS) -Icgi -Itests -I."
