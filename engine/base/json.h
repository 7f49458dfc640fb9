/* JSON at the edges: strict parsing, and typed getters that carry bounds and name the path in their message.
 *
 * cJSON holds the tree. json_parse() refuses what cJSON lets through: duplicate keys, depth above 64, bytes after the
 * value, byte order marks, invalid UTF-8, and U+0000 (which would cut a C string). */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include <cjson/cJSON.h>

DEFINE_CLEANUP(cJSON, cJSON_Delete)
#define _cleanup_json_ _cleanup_(cJSON_Deletep)

MUST_CHECK bool json_parse(struct str text, cJSON **ret, struct err *err); /* ERR_INVALID; caller deletes */
void json_print(const cJSON *value, struct buf *out);                      /* compact, keys in the tree's order */

/* The same; *ret_twice says whether a duplicate key was the reason. */
MUST_CHECK bool json_parse_once(struct str text, cJSON **ret, bool *ret_twice, struct err *err);

/* Getters. `key` is looked up in the object `obj`; `path` names obj in messages ("responses[3]"). A missing key is
 * ERR_INVALID for json_get_*; json_opt_* leaves *ret as it is and returns true when the key is missing or null. */
MUST_CHECK bool json_get_str(const cJSON *obj, const char *path, const char *key, size_t len_max, const char **ret, struct err *err);
MUST_CHECK bool json_opt_str(const cJSON *obj, const char *path, const char *key, size_t len_max, const char **ret, struct err *err);
MUST_CHECK bool json_get_i64(const cJSON *obj, const char *path, const char *key, int64_t min, int64_t max, int64_t *ret, struct err *err);
MUST_CHECK bool json_opt_i64(const cJSON *obj, const char *path, const char *key, int64_t min, int64_t max, int64_t *ret, struct err *err);
MUST_CHECK bool json_opt_double(const cJSON *obj, const char *path, const char *key, double min, double max, double *ret, struct err *err);
MUST_CHECK bool json_opt_bool(const cJSON *obj, const char *path, const char *key, bool *ret, struct err *err);
MUST_CHECK bool json_get_object(const cJSON *obj, const char *path, const char *key, const cJSON **ret, struct err *err);
MUST_CHECK bool json_get_array(const cJSON *obj, const char *path, const char *key, int count_max, const cJSON **ret, struct err *err);
/* ERR_INVALID, naming the first member that is not in the NULL-terminated list. */
MUST_CHECK bool json_only_keys(const cJSON *obj, const char *path, const char *const *keys, struct err *err);

/* A member's text, where the tree is our own or was checked: "" when it is missing or no string. Lives as long as the tree. */
const char *json_text(const cJSON *obj, const char *key);
/* The same: a member, NULL when it is missing; and a whole number, 0 when it is missing, no number or none that an int holds. */
const cJSON *json_member(const cJSON *obj, const char *key);
int json_count(const cJSON *obj, const char *key);

/* Builders that abort when memory is out, so that trees are built in straight lines. */
cJSON *json_object(void);
cJSON *json_array(void);
void json_set(cJSON *obj, const char *key, cJSON *value);      /* takes value */
void json_set_str(cJSON *obj, const char *key, const char *s); /* null when s is NULL */
void json_set_i64(cJSON *obj, const char *key, int64_t v);     /* |v| must be below 2^53 */
void json_set_double(cJSON *obj, const char *key, double v);
void json_set_bool(cJSON *obj, const char *key, bool v);
void json_add(cJSON *array, cJSON *value); /* takes value */
void json_add_str(cJSON *array, const char *s);
