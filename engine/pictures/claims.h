/* What a certificate says, taken out of its credential: all that a picture shows comes from here. */
#pragma once
#include "base/json.h"

#define CLAIMS_DOMAINS_MAX 12
#define CLAIMS_TEXT_MAX 2000

/* A number as it stands in the credential, with its place on its scale. */
struct measure {
	const char *id;    /* of its description; within the credential */
	char *name, *text; /* text: "842", "87.5 %"; NULL: there is none */
	double value, min, max, error;
	bool has_scale, has_error; /* value lies on min to max; error is in the same unit */
};

struct claims {
	char *title, *description, *rules, *language;
	char *holder;                /* NULL: the holder is not named */
	char *issuer, *issuer_url;   /* issuer_url: or NULL */
	char *awarded, *valid_until; /* "27 November 2026"; valid_until NULL: for good */
	char year[5];
	char *created; /* RFC 3339 */
	char *id;
	char hash[65]; /* of the credential's bytes */
	struct measure total;
	double cut;
	bool has_cut;
	char *cut_text, *error_text, *chance;  /* chance: "99.8 %" */
	char *range_text;                      /* "100 to 1000" */
	struct measure by_hand, by_hand_score; /* how much of the exam hands-on tasks were; how well they were done */
	struct measure domains[CLAIMS_DOMAINS_MAX];
	size_t n_domains, n_domains_left_out;
};

/* ERR_INVALID when it is not a credential with a title, an issuer and a date. */
MUST_CHECK bool claims_read(struct str credential, struct claims *ret, struct err *err);
void claims_finish(struct claims *c);
/* A text for one line or paragraph: control characters and line ends become spaces, at most max bytes; owned. */
char *claims_plain(const char *s, size_t max);
