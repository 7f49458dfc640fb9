/* Policies. See log_policy.h. */
#include "credential/log_policy.h"
#include <stdio.h>

/* ---- Reading ---- */

/* The next word of a line; false at its end. */
static bool word(struct str *rest, struct str *ret)
{
	size_t from = 0, to;
	while (from < rest->len && (rest->p[from] == ' ' || rest->p[from] == '\t'))
		from++;
	for (to = from; to < rest->len && rest->p[to] != ' ' && rest->p[to] != '\t';)
		to++;
	*ret = str_sub(*rest, from, to);
	*rest = str_sub(*rest, to, rest->len);
	return to > from;
}

static int find_node(const struct log_policy *p, struct str name)
{
	for (size_t i = 0; i < p->n_nodes; i++)
		if (str_is(name, p->nodes[i].name))
			return (int)i;
	return -1;
}

static bool add_key(struct note_key *keys, size_t *n, struct str vkey, enum note_type type, struct err *err)
{
	struct note_key key;
	if (!note_key_read(vkey, &key, err))
		return false;
	if (key.type != type)
		return err_set(err, ERR_INVALID, "the key of %s", type == NOTE_ED25519 ? "a log is of type 1" : "a witness is of type 4");
	for (size_t i = 0; i < *n; i++)
		if (memcmp(keys[i].key, key.key, sizeof key.key) == 0)
			return err_set(err, ERR_INVALID, "the key is given twice");
	if (*n == LOG_POLICY_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d keys", LOG_POLICY_MAX);
	keys[(*n)++] = key;
	return true;
}

static bool add_node(struct log_policy *p, struct str name, struct log_policy_node **ret, struct err *err)
{
	if (!name.len || name.len >= sizeof p->nodes->name || str_is(name, "none") || find_node(p, name) >= 0)
		return err_set(err, ERR_INVALID, "'%.*s' is not a name that is free", (int)(name.len > 64 ? 64 : name.len), name.p);
	if (p->n_nodes == 2 * LOG_POLICY_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d witnesses and groups", 2 * LOG_POLICY_MAX);
	struct log_policy_node *node = &p->nodes[p->n_nodes++];
	memset(node, 0, sizeof *node);
	memcpy(node->name, name.p, name.len);
	*ret = node;
	return true;
}

static bool read_witness(struct log_policy *p, struct str rest, struct err *err)
{
	struct str name, vkey, url, more;
	struct log_policy_node *node;
	if (!word(&rest, &name) || !word(&rest, &vkey) || (word(&rest, &url) && word(&rest, &more)))
		return err_set(err, ERR_INVALID, "a witness is written: witness NAME VKEY [URL]");
	if (!add_key(p->witnesses, &p->n_witnesses, vkey, NOTE_COSIGNATURE, err) || !add_node(p, name, &node, err))
		return false;
	node->witness = (int)p->n_witnesses - 1;
	return true;
}

static bool read_group(struct log_policy *p, uint64_t *used, struct str rest, struct err *err)
{
	struct str name, least, member;
	struct log_policy_node *node;
	uint64_t members = 0;
	int64_t n = 0, k = 0;
	if (!word(&rest, &name) || !word(&rest, &least))
		return err_set(err, ERR_INVALID, "a group is written: group NAME all|any|COUNT NAME…");
	for (; word(&rest, &member); n++) {
		int at = find_node(p, member);
		if (at < 0)
			return err_set(err, ERR_INVALID, "'%.*s' is not a witness or group of a line before", (int)(member.len > 64 ? 64 : member.len),
			               member.p);
		if (*used & UINT64_C(1) << at)
			return err_set(err, ERR_INVALID, "'%s' is a member already", p->nodes[at].name);
		*used |= UINT64_C(1) << at;
		members |= UINT64_C(1) << at;
	}
	if (!n || (!str_is(least, "all") && !str_is(least, "any") && !str_to_i64(least, 1, n, &k)))
		return err_set(err, ERR_INVALID, "a group has members, and needs all, any, or a number of them");
	if (!add_node(p, name, &node, err))
		return false;
	node->witness = -1;
	node->least = str_is(least, "all") ? (int)n : str_is(least, "any") ? 1 : (int)k;
	node->members = members;
	return true;
}

static bool read_quorum(struct log_policy *p, bool *seen, struct str rest, struct err *err)
{
	struct str name, more;
	if (*seen || !word(&rest, &name) || word(&rest, &more))
		return err_set(err, ERR_INVALID, "there is one quorum line: quorum NAME, or quorum none");
	*seen = true;
	p->quorum = find_node(p, name);
	return p->quorum >= 0 || str_is(name, "none") ? true
	                                              : err_set(err, ERR_INVALID, "the quorum is not a witness or group of a line before");
}

static bool read_line(struct log_policy *p, uint64_t *used, bool *seen, struct str line, struct err *err)
{
	struct str rest = line, first, vkey, url, more;
	if (!word(&rest, &first) || first.p[0] == '#')
		return true;
	if (str_is(first, "witness"))
		return read_witness(p, rest, err);
	if (str_is(first, "group"))
		return read_group(p, used, rest, err);
	if (str_is(first, "quorum"))
		return read_quorum(p, seen, rest, err);
	if (!str_is(first, "log") || !word(&rest, &vkey) || (word(&rest, &url) && word(&rest, &more)))
		return err_set(err, ERR_INVALID, "a line begins with log, witness, group or quorum");
	return add_key(p->logs, &p->n_logs, vkey, NOTE_ED25519, err);
}

bool log_policy_read(struct str text, struct log_policy *ret, struct err *err)
{
	struct log_policy p = {.quorum = -1};
	struct str rest = text, line;
	uint64_t used = 0;
	bool seen = false;
	if (text.len > LOG_POLICY_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, "a policy has at most %u bytes", LOG_POLICY_SIZE_MAX);
	for (size_t i = 0; i < text.len; i++)
		if (((unsigned char)text.p[i] < 0x20 && text.p[i] != '\n' && text.p[i] != '\t') || text.p[i] == 0x7f)
			return err_set(err, ERR_INVALID, "a policy holds no control characters");
	for (int n = 1; note_line(&rest, &line); n++)
		if (!read_line(&p, &used, &seen, line, err))
			return err_prefix(err, "line %d", n);
	if (rest.len || !seen)
		return err_set(err, ERR_INVALID, rest.len ? "the last line does not end in a newline" : "there is no quorum line");
	*ret = p;
	return true;
}

bool log_policy_of(struct str vkey, struct log_policy *ret, struct err *err)
{
	struct log_policy p = {.quorum = -1};
	if (!add_key(p.logs, &p.n_logs, vkey, NOTE_ED25519, err))
		return false;
	*ret = p;
	return true;
}

/* ---- Checking ---- */

static bool check_log(const struct log_policy *policy, const struct note *note, struct str origin, struct err *err)
{
	bool signed_by_one = false;
	for (size_t i = 0; i < policy->n_logs; i++) {
		struct err why;
		if (!str_is(origin, policy->logs[i].name))
			continue;
		if (note_verify(note, &policy->logs[i], NULL, NULL, &why))
			signed_by_one = true;
		else if (why.code != ERR_NOT_FOUND)
			return err_set(err, why.code, "%s", why.msg);
	}
	return signed_by_one
	           ? true
	           : err_set(err, ERR_SIGNATURE, "the checkpoint of '%.*s' is not signed by a log that is known here", STR_ARG(origin));
}

bool log_policy_check(const struct log_policy *policy, struct str checkpoint, struct log_seen *ret, struct err *err)
{
	struct note note;
	struct checkpoint c;
	struct log_seen seen = {0};
	if (!note_parse(checkpoint, &note, err) || !checkpoint_parse(note.text, &c, err) || !check_log(policy, &note, c.origin, err))
		return false;
	uint64_t met = 0; /* nodes that have cosigned */
	for (size_t i = 0; i < policy->n_nodes; i++) {
		const struct log_policy_node *node = &policy->nodes[i];
		struct err why;
		int64_t time_s;
		bool yes;
		if (node->witness < 0) {
			yes = __builtin_popcountll(met & node->members) >= node->least;
		} else {
			yes = note_verify(&note, &policy->witnesses[node->witness], NULL, &time_s, &why);
			if (!yes && why.code != ERR_NOT_FOUND)
				return err_set(err, why.code, "%s", why.msg);
			seen.cosigned += yes;
			if (yes && time_s > seen.cosigned_s)
				seen.cosigned_s = time_s;
		}
		met |= (uint64_t)yes << i;
	}
	if (policy->quorum >= 0 && !(met & UINT64_C(1) << policy->quorum))
		return err_set(err, ERR_SIGNATURE, "too few witnesses have cosigned the checkpoint: '%s' is not met",
		               policy->nodes[policy->quorum].name);
	memcpy(seen.origin, c.origin.p, c.origin.len);
	seen.size = c.size;
	memcpy(seen.root, c.root, sizeof seen.root);
	*ret = seen;
	return true;
}
