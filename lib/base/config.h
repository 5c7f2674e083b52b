/* Settings: one table of rows (name, type, default, range, help); --help prints the same rows.
 * Read from an INI file (inih; section [mvti]) and overridden one by one by the programs. Sections [provider
 * NAME] describe the services that people sign in with; auth/provider.h checks what they say. */
#ifndef MVTI_BASE_CONFIG_H
#define MVTI_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { CONFIG_TEXT = 512, CONFIG_PROVIDERS = 8 };

/* A section [provider NAME] as written; "" where a key is absent. */
struct config_provider {
    char id[17]; /* NAME: lower-case letters */
    char client_id[256];
    char client_secret_file[CONFIG_TEXT];
    char admin_key_file[CONFIG_TEXT]; /* Kakao: the key with which it says that somebody unlinked us there */
    char issuer[256];
    char protocol[16];
    char authorization_endpoint[256];
    char token_endpoint[256];
    char profile_endpoint[256];
};

struct config {
    size_t n_providers;
    struct config_provider providers[CONFIG_PROVIDERS]; /* [n_providers], in the order of the file */
    char db_socket[CONFIG_TEXT]; /* Unix socket of the database server; "" = the client library's default */
    char replica_host[CONFIG_TEXT]; /* "" = none is looked after */
    char db_host[CONFIG_TEXT];      /* "" = by the socket; else over TCP, in TLS */
    char db_tls[CONFIG_TEXT];       /* "verify" or "off"; of TCP only (store/db_transport.c) */
    char db_ca_file[CONFIG_TEXT];   /* "" = the authorities that the system trusts */
    char db_cert_file[CONFIG_TEXT]; /* our own certificate, and its key; "" = none */
    char db_key_file[CONFIG_TEXT];  /* see config_secret_path */
    char db_name[CONFIG_TEXT];
    char db_user[CONFIG_TEXT];
    char db_password_file
        [CONFIG_TEXT];           /* "" = no password (unix_socket authentication); see config_secret_path */
    char state_dir[CONFIG_TEXT]; /* datasets/, models/, ratings/, snapshots/ live below */
    char reference_dir[CONFIG_TEXT];    /* sql/reference */
    char migrations_dir[CONFIG_TEXT];   /* sql/migrations */
    char shell_file[CONFIG_TEXT];       /* the built index.html that worker pages start from */
    char bert_en_dir[CONFIG_TEXT];      /* encoder of English texts, a Hugging Face directory; "" = none */
    char bert_ko_dir[CONFIG_TEXT];      /* of Korean texts */
    char session_key_file[CONFIG_TEXT]; /* keys of auth/keyring.h; see config_secret_path */
    char public_url[CONFIG_TEXT]; /* https://example.org, no slash at the end; for Open Graph and cookies */
    char picture_program[CONFIG_TEXT];   /* mvti-draw */
    char picture_dir[CONFIG_TEXT];       /* the script and fonts that it draws with */
    char picture_cache_dir[CONFIG_TEXT]; /* pictures that were drawn */
    char metrics_dir[CONFIG_TEXT];       /* a folder for each pool (metrics/metrics.h) */
    char offer_dir[CONFIG_TEXT];         /* what other hosts pull; "" = nothing (release/offer.h) */
    char offer_key_file[CONFIG_TEXT];    /* signs it */
    long offer_lead_s;                   /* seconds until hosts that pull switch together */
    char canary_metrics[CONFIG_TEXT];    /* addresses of /metrics, the canary's first; "" = none is asked */
    long pull_canary;                    /* this one does not wait for that */
    char pull_url[CONFIG_TEXT];          /* where this host pulls from; "" = nowhere (release/pull.h) */
    char pull_key_file[CONFIG_TEXT];     /* public keys that are believed */
    char pull_ca_file[CONFIG_TEXT];      /* "" = the authorities that the system trusts */
    char admins[CONFIG_TEXT];            /* of the owner's console, app/console.h; "" = nobody */
    char mlflow_uri[CONFIG_TEXT];        /* "" = none */
    char mlflow_experiment[CONFIG_TEXT];
    char experiment_force[CONFIG_TEXT]; /* NAME=VARIANT,…; "" = nothing (experiment/choice.h) */
    char mlflow_model[CONFIG_TEXT];
    char mlflow_username[CONFIG_TEXT];
    char mlflow_password_file[CONFIG_TEXT]; /* see config_secret_path */
    char mlflow_token_file[CONFIG_TEXT];
    char mlflow_password[CONFIG_TEXT],
        mlflow_token[CONFIG_TEXT];  /* no settings: of the environment, put here by main */
    char analytics_id[CONFIG_TEXT]; /* measurement ID of Google Analytics 4; "" = nothing is sent there */
    char analytics_secret_file[CONFIG_TEXT]; /* see config_secret_path */
    char analytics_url[CONFIG_TEXT];
    char source_weights[CONFIG_TEXT]; /* NAME=WEIGHT …; "" = all weigh 1 (import/source_weight.h) */
    char time_zone[CONFIG_TEXT];  /* of the days that analysts see: an offset, or a name the database knows */
    char access_log[CONFIG_TEXT]; /* nginx's; "" = errors are not counted */
    char notify_email[CONFIG_TEXT]; /* "" = none */
    char notify_sendmail[CONFIG_TEXT];
    char notify_webhooks_file[CONFIG_TEXT]; /* see config_secret_path */
    char notify_dir[CONFIG_TEXT];
    char credentials_dir[CONFIG_TEXT]; /* no setting: $CREDENTIALS_DIRECTORY of systemd, put here by main */
    long mlflow_timeout_ms;            /* of one request to that server */
    long mlflow_later;                 /* 1 = only `mvti runs send` talks to it */
    long mlflow_file_mb;               /* largest model file that it gets */
    char kakao_js_key[CONFIG_TEXT];    /* see config_kakao */
    char kakao_sdk[CONFIG_TEXT];       /* see config_kakao */
    long analytics_months;             /* how long Google keeps what it gets, for the page about privacy */
    long analytics_timeout_ms;         /* of one request to it */
    long publish_margin;               /* thousandths of NDCG@10 that publishing may lose */
    long track_runs;                   /* 1 = training runs are recorded */
    long progress_seconds;             /* between progress lines in a log */
    long db_port;                      /* of db_host */
    long db_timeout_ms;                /* connect, read and write timeout of the database client */
    long db_patience_ms;  /* how long a call waits, once in an outage, for a database to come back */
    long db_slow_ms;      /* a statement that takes so long is logged; 0: none is */
    long guest_work;      /* log2 of the hashes that a new guest costs; 0 = none */
    long guest_counted;   /* new guests a network and day whose likes count without an account */
    long rate_limits;     /* 1 = limits on writes, 0 = off (load tests) */
    long keep_guest_days; /* after a guest's last visit */
    long keep_event_days;
    long keep_change_days; /* store/change.h */
    long picture_cache_mb; /* most of picture_cache_dir */
    long secure_cookies;   /* 1 = __Host- names and Secure; 0 = plain HTTP on loopback */
    long watch_disk_percent, watch_error_percent, watch_certificate_days; /* what doctor finds wrong */
    long notify_repeat_hours, notify_timeout_ms;
    long log_level;  /* 0 debug … 3 error */
    long log_sample; /* a line for every so-many-th read that succeeded */
};

struct config_row {
    const char *name;
    bool is_number;
    size_t offset; /* in struct config */
    const char *fallback;
    long min, max; /* numbers only */
    const char *help;
    bool absolute; /* a folder that programs write to, so that none appears wherever one was started */
};

/* The table, ended by a row whose name is NULL. */
const struct config_row *config_rows(void);
/* All defaults. */
void config_init(struct config *c);
/* Reads an INI file over the current values. Unknown sections and keys, bad numbers, a key twice in a
 * provider's section: ERR_INVALID with file:line. */
MUST_USE enum err config_read(struct config *c, const char *path, struct fail *why);
/* Sets one value by name, as from a command line option. */
MUST_USE enum err config_set(struct config *c, const char *name, const char *value, struct fail *why);
/* Where a secret file lies: a name with a slash is a path; one without is a credential that systemd gave to
 * the unit (LoadCredential=). ERR_INVALID: "" or a credential where there are none; ERR_TOO_LARGE. */
MUST_USE enum err config_secret_path(const struct config *c, const char *name, char *out, size_t size,
                                     struct fail *why);
/* Whether what visitors do is sent to Google Analytics: analytics_id is "G-" and 4 to 20 capital letters and digits. */
bool config_analytics(const struct config *c);
/* Whether pages offer to send to KakaoTalk: kakao_js_key is letters and digits, and kakao_sdk is the version of Kakao's JavaScript SDK and
 * its integrity (W3C Subresource Integrity: "sha384-" and base64), separated by a space. */
bool config_kakao(const struct config *c);
/* state_dir "/" rest into out. ERR_TOO_LARGE if it does not fit. */
MUST_USE enum err config_state_path(const struct config *c, const char *rest, char *out, size_t size,
                                    struct fail *why);

#endif
