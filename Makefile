# Everything a person runs. `make help` lists it.
BUILD ?= build
CC = gcc
CFLAGS ?= -O3 -g
WARN = -std=c17 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
PKGS = json-c libsodium mariadb
CPPFLAGS += -D_GNU_SOURCE -Ilib $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LDFLAGS += -Wl,--as-needed
LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lopenblas -lcsv -linih -lm -lpthread

LIB_SRC := $(wildcard lib/*/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CGI_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard cgi/*.c))
JOB_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard jobs/*.c))
TEST_SRC := $(wildcard tests/unit/*_test.c tests/module/*_test.c)
TEST_BIN := $(TEST_SRC:%.c=$(BUILD)/%)

.PHONY: all programs clean
all: programs $(TEST_BIN)

programs: $(if $(CGI_OBJ),$(BUILD)/mvti-worker) $(if $(JOB_OBJ),$(BUILD)/mvti)

$(BUILD)/libmvti.a: $(LIB_OBJ)
	@rm -f $@ && ar rcs $@ $^

# Pages run in tests without libfcgi: everything of cgi/ but main and fcgi goes into this archive.
PAGE_OBJ := $(filter-out $(BUILD)/cgi/main.o $(BUILD)/cgi/fcgi.o,$(CGI_OBJ))
$(BUILD)/libpages.a: $(PAGE_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/mvti-worker: $(CGI_OBJ) $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(CGI_OBJ) $(BUILD)/libmvti.a -lfcgi -lsystemd $(LIBS)

$(BUILD)/mvti: $(JOB_OBJ) $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(JOB_OBJ) $(BUILD)/libmvti.a -lsystemd $(LIBS)

# What several tests need, such as a small snapshot.
FIX_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fixture/*.c))
$(BUILD)/libfixture.a: $(FIX_OBJ)
	@rm -f $@ && ar rcs $@ $^

$(BUILD)/tests/%_test: $(BUILD)/tests/%_test.o $(BUILD)/libfixture.a $(BUILD)/libpages.a $(BUILD)/libmvti.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -Icgi -Itests -I. -MMD -MP -c -o $@ $<

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

clean:
	rm -rf $(BUILD)
