/* A certificate as a document: an Open Badges 3.0 AchievementCredential, which is a W3C Verifiable Credential 2.0, before it is signed.
 *
 * From a plain struct; only terms of the three contexts (BADGE_CONTEXTS) are used. Where Open Badges has no word, its `ext:` values stand:
 *
 * - Everything that was measured is a resultDescription with an id, a name and a resultType, and a result that points to it; numbers are
 *   strings. Result types beside those of Open Badges: ext:StandardError, ext:ChanceAtOrAboveCut, ext:ByHand.
 * - Bank and rules of the exam are achievement.otherIdentifier, identifierType ext:bankSha256 and ext:blueprintSha256.
 * - Evidence says by its `genre` what it is: result, form, task, log, engine. What has a hash has it as its id, "ni:///sha-256;BASE64URL"
 *   (RFC 6920). The entry in the transparency log is an Evidence and an IdentifierEntry: its `identifier` is the index, decimal, its
 *   identifierType ext:logIndex, its name the origin of the log.
 * - The holder is an IdentityObject with hashed true: "sha256$HEX" of the identity with the salt behind it (Open Badges 3.0, IdentityHash);
 *   with a chosen name there is a second one, identityType "name", hashed false.
 */
#pragma once
#include "base/json.h"
#include <stdint.h>

#define BADGE_CONTEXT_CREDENTIALS "https://www.w3.org/ns/credentials/v2"
#define BADGE_CONTEXT_BADGES "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
#define BADGE_CONTEXT_EXTENSIONS "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
#define BADGE_NI_SIZE 64       /* "ni:///sha-256;" + 43 characters */
#define BADGE_IDENTITY_SIZE 72 /* "sha256$" + 64 characters */

/* One thing that was measured. */
struct badge_measure {
	const char *id;                   /* of its own within the achievement: "total", "domain-shell-error" */
	const char *name, *type;          /* type: of Open Badges, or "ext:…" */
	const char *value, *status;       /* of the result; either may be NULL */
	const char *min, *max, *required; /* or NULL */
	const char *const *allowed;       /* NULL-terminated, or NULL */
};
struct badge_evidence {
	const char *genre, *name, *narrative;
	const char *sha256;    /* hexadecimal; NULL: it has no id */
	const char *log_index; /* decimal; NULL: it is not an entry of the log */
};

/* Strings are borrowed; those marked "or NULL" are left out then. */
struct badge {
	const char *id;
	struct {
		const char *id, *name, *url, *description; /* url, description: or NULL */
	} issuer;
	struct {
		const char *id, *name, *description, *criteria; /* criteria: the rules in words, Markdown */
		const char *notice;                             /* stands before them: what nobody is to overlook; or NULL */
		const char *human_code, *language, *version;    /* or NULL */
		const char *bank_sha256, *blueprint_sha256;
	} achievement;
	int64_t valid_from_ms, awarded_ms, valid_until_ms; /* valid_until_ms 0: for good */
	struct {
		const char *identity, *type; /* what is hashed, and its identityType */
		const char *salt;            /* hexadecimal */
		const char *name;            /* that the holder chose; or NULL */
	} holder;
	const struct badge_measure *measures;
	size_t n_measures;
	const struct badge_evidence *evidence;
	size_t n_evidence;
	const cJSON *status; /* credentialStatus; copied; or NULL */
};
cJSON *badge_json(const struct badge *b);

char *badge_ni(const char *sha256_hex, char out[BADGE_NI_SIZE]);
/* The hash of an identity as it stands in a certificate. */
char *badge_identity_hash(const char *identity, const char *salt, char out[BADGE_IDENTITY_SIZE]);
/* What a certificate says in numbers and words: [{"name","value"}…], in the order of its results. Any JSON in, nothing is assumed. */
cJSON *badge_scores(const cJSON *credential);
/* A random UUID, version 4 (RFC 9562, section 5.4). */
#define BADGE_UUID_SIZE 37
char *badge_uuid(char out[BADGE_UUID_SIZE]);
