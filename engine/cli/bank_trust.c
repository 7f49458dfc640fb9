/* assay bank trust: the people whose signatures make banks official on a server, and their keys. */
#include "store/bank_trust.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/bank.h"
#include "cli/bank_key.h"
#include "cli/cli.h"
#include "cli/data.h"
#include <getopt.h>
#include <glob.h>
#include <stdio.h>

static const char help[] = "assay bank trust - whose signatures make banks official here\n"
                           "\n"
                           "Usage: assay bank trust add NAME=KEY… [--threshold N] [--author-alone] [--data DIR] [--to FILE]\n"
                           "       assay bank trust list [--data DIR] [--json]\n"
                           "       assay bank trust approve FILE --key FILE [--passphrase-file FILE]\n"
                           "       assay bank trust rotate FILE [--data DIR]\n"
                           "       assay bank trust forget BANK [--data DIR]\n"
                           "       assay bank trust key FILE [--passphrase-file FILE | --plain]\n"
                           "\n"
                           "add pins the people, once, at installation; KEY is a public key or its file, and a person\n"
                           "with several keys stands several times. --threshold people have to sign (2), the author being\n"
                           "one of them and never the only one, unless --threshold 1 --author-alone. With --to the next\n"
                           "roots are written to a file instead: when enough of the old people and enough of the new ones\n"
                           "have signed it (approve, or minisign -S), rotate puts them in place.\n"
                           "forget lets a bank that was official begin anew: unsigned, or with a lower number.\n"
                           "key makes a secret key, sealed with a passphrase, and FILE.pub: both are minisign's files.\n"
                           "\n"
                           "Exit codes: 0 done, 1 refused, 2 usage, 3 could not look or write.\n";

struct options {
	char **words;
	int n_words;
	const char *key, *passphrase_file, *data, *to;
	int64_t threshold;
	bool author_alone, plain, json, help;
};

static bool write_roots(const char *path, const struct roots *r, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(ROOTS_SIZE_MAX);
	roots_print(r, &text);
	return buf_check(&text, "the roots", err) && file_write_durable(path, buf_str(&text), 0644, err);
}

static char *roots_path(const struct options *o)
{
	return xasprintf("%s/" ROOTS_NAME, o->data);
}

static bool add_words(const struct options *o, struct roots *r, struct err *err)
{
	for (int i = 0; i < o->n_words; i++) {
		struct minisign_key key;
		const char *eq = strchr(o->words[i], '=');
		if (!eq)
			return err_set(err, ERR_USAGE, "whose key? NAME=KEY: %.200s", o->words[i]);
		_cleanup_free_ char *name = xstrndup(o->words[i], (size_t)(eq - o->words[i]));
		if (!bank_key_public(eq + 1, &key, err) || !roots_add(r, name, &key, err))
			return false;
	}
	return roots_check(r, err);
}

static bool add(const struct options *o, struct err *err)
{
	_cleanup_roots_ struct roots before = {0}, r = {.threshold = o->threshold, .author_alone = o->author_alone};
	_cleanup_free_ char *path = roots_path(o);
	struct proctor *pr = NULL;
	bool there;
	if (!bank_roots_read(path, &before, &there, err))
		return false;
	if (there && !o->to)
		return err_set(err, ERR_CONFLICT, "people are pinned already: write the next ones with --to FILE, and see rotate");
	r.number = before.number + 1;
	if (!add_words(o, &r, err))
		return false;
	if (!o->to) { /* makes the folder */
		if (!data_open(o->data, true, &pr, err))
			return false;
		proctor_close(pr);
	}
	if (!write_roots(o->to ? o->to : path, &r, err))
		return false;
	printf("%s: roots number %lld, %zu people, %lld have to sign\n", o->to ? o->to : path, (long long)r.number, r.n,
	       (long long)r.threshold);
	return true;
}

static bool list(const struct options *o, struct err *err)
{
	_cleanup_roots_ struct roots r = {0};
	_cleanup_buf_ struct buf out = BUF(ROOTS_SIZE_MAX);
	_cleanup_free_ char *path = roots_path(o);
	bool there;
	if (!bank_roots_read(path, &r, &there, err))
		return false;
	if (o->json) {
		if (there)
			roots_print(&r, &out);
		else
			buf_adds(&out, "null\n");
		fwrite(out.p, 1, out.len, stdout);
		return true;
	}
	if (!there)
		printf("Nobody is trusted here: every bank is unofficial. See assay bank trust add.\n");
	for (size_t i = 0; i < r.n; i++)
		for (size_t k = 0; k < r.people[i].n_keys; k++) {
			char text[MINISIGN_KEY_SIZE];
			minisign_key_print(&r.people[i].keys[k], text);
			printf("%-24s %s\n", r.people[i].name, text);
		}
	if (there)
		printf("roots number %lld: %lld people have to sign%s\n", (long long)r.number, (long long)r.threshold,
		       r.author_alone ? ", and it may be the author alone" : "");
	return true;
}

static bool approve(const struct options *o, struct err *err)
{
	_cleanup_minisign_secret_ struct minisign_secret key = {0};
	_cleanup_buf_ struct buf text = BUF(ROOTS_SIZE_MAX), out = BUF(MINISIGN_FILE_MAX);
	_cleanup_roots_ struct roots r = {0};
	char id[MINISIGN_ID_SIZE];
	const char *file = o->words[0];
	if (!o->key)
		return err_set(err, ERR_USAGE, "whose key? --key FILE");
	if (!file_read(file, ROOTS_SIZE_MAX, &text, err) || !roots_parse(buf_str(&text), &r, err) ||
	    !bank_key_open(o->key, o->passphrase_file, &key, err))
		return false;
	minisign_id_print(key.public.id, id);
	_cleanup_free_ char *comment =
	    xasprintf("timestamp:%lld\troots number:%lld", (long long)(clock_wall_ms() / MS_SECOND), (long long)r.number);
	_cleanup_free_ char *path = xasprintf("%s.%s.minisig", file, id);
	minisign_sign(&key, buf_str(&text), comment, &out);
	if (!file_write_durable(path, buf_str(&out), 0644, err))
		return false;
	printf("signed: %s\n", path);
	return true;
}

#define SIGNATURES_MAX 256

/* FILE.minisig and FILE.KEY.minisig; the caller frees the texts. */
static bool read_signatures(const char *file, struct str *list, size_t *n, struct err *err)
{
	_cleanup_buf_ struct buf pattern = BUF(8192);
	glob_t found = {0};
	for (const char *p = file; *p; p++) {
		if (strchr("*?[\\", *p))
			buf_addc(&pattern, '\\');
		buf_addc(&pattern, *p);
	}
	buf_adds(&pattern, ".*minisig");
	if (!buf_check(&pattern, "the name of the file", err))
		return false;
	bool ok = true;
	glob(pattern.p, 0, NULL, &found);
	for (size_t i = 0; ok && i < found.gl_pathc && *n < SIGNATURES_MAX; i++) {
		struct buf text = BUF(MINISIGN_FILE_MAX);
		size_t len;
		ok = file_read(found.gl_pathv[i], MINISIGN_FILE_MAX, &text, err);
		if (ok) {
			char *bytes = buf_take(&text, &len);
			list[(*n)++] = (struct str){bytes, len};
		}
	}
	globfree(&found);
	return ok;
}

static bool rotate(const struct options *o, struct err *err)
{
	_cleanup_roots_ struct roots old = {0}, new = {0};
	_cleanup_buf_ struct buf text = BUF(ROOTS_SIZE_MAX), old_text = BUF(ROOTS_SIZE_MAX);
	_cleanup_free_ char *path = roots_path(o);
	struct str signatures[SIGNATURES_MAX];
	size_t n = 0;
	bool there, ok = bank_roots_read(path, &old, &there, err);
	if (ok && !there)
		ok = err_set(err, ERR_NOT_FOUND, "nobody is trusted here yet: see assay bank trust add");
	ok = ok && file_read(o->words[0], ROOTS_SIZE_MAX, &text, err) && file_read(path, ROOTS_SIZE_MAX, &old_text, err) &&
	     read_signatures(o->words[0], signatures, &n, err) && roots_rotate(&old, buf_str(&text), signatures, n, &new, err);
	for (size_t i = 0; i < n; i++)
		free((char *)signatures[i].p);
	if (!ok)
		return false;
	_cleanup_free_ char *kept = xasprintf("%s/bank-roots.%lld.json", o->data, (long long)old.number);
	if (!file_write_durable(kept, buf_str(&old_text), 0644, err) || !file_write_durable(path, buf_str(&text), 0644, err))
		return false;
	printf("%s: roots number %lld are in place; the old ones are in %s\n", path, (long long)new.number, kept);
	return true;
}

static bool forget_bank(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	(void)pr;
	return store_bank_trust_forget(wr, arg, err);
}

static bool forget(const struct options *o, struct err *err)
{
	struct proctor *pr = NULL;
	bool ok = data_open(o->data, false, &pr, err) && data_change(pr, forget_bank, o->words[0], err);
	proctor_close(pr);
	if (ok)
		printf("%s may begin anew; touch its folder, or restart the server.\n", o->words[0]);
	return ok;
}

static bool key(const struct options *o, struct err *err)
{
	struct minisign_key k;
	char text[MINISIGN_KEY_SIZE];
	if (!bank_key_make(o->words[0], o->passphrase_file, o->plain, &k, err))
		return false;
	minisign_key_print(&k, text);
	printf("%s\n", text);
	return true;
}

static const struct command {
	const char *name;
	int words_min, words_max;
	bool (*run)(const struct options *o, struct err *err);
} commands[] = {
    {"add", 1, ROOTS_PEOPLE_MAX *ROOTS_KEYS_MAX, add},
    {"list", 0, 0, list},
    {"approve", 1, 1, approve},
    {"rotate", 1, 1, rotate},
    {"forget", 1, 1, forget},
    {"key", 1, 1, key},
};

enum { OPT_KEY = 1, OPT_PASSPHRASE, OPT_THRESHOLD, OPT_ALONE, OPT_DATA, OPT_TO, OPT_PLAIN, OPT_JSON, OPT_HELP };

static int parse(int argc, char **argv, struct options *o)
{
	static const struct option allowed[] = {{"key", required_argument, NULL, OPT_KEY},
	                                        {"passphrase-file", required_argument, NULL, OPT_PASSPHRASE},
	                                        {"threshold", required_argument, NULL, OPT_THRESHOLD},
	                                        {"author-alone", no_argument, NULL, OPT_ALONE},
	                                        {"data", required_argument, NULL, OPT_DATA},
	                                        {"to", required_argument, NULL, OPT_TO},
	                                        {"plain", no_argument, NULL, OPT_PLAIN},
	                                        {"json", no_argument, NULL, OPT_JSON},
	                                        {"help", no_argument, NULL, OPT_HELP},
	                                        {0}};
	int option;
	optind = 1;
	while ((option = getopt_long(argc, argv, "", allowed, NULL)) != -1) {
		if (option == OPT_KEY)
			o->key = optarg;
		else if (option == OPT_PASSPHRASE)
			o->passphrase_file = optarg;
		else if (option == OPT_DATA)
			o->data = optarg;
		else if (option == OPT_TO)
			o->to = optarg;
		else if (option == OPT_ALONE)
			o->author_alone = true;
		else if (option == OPT_PLAIN)
			o->plain = true;
		else if (option == OPT_JSON)
			o->json = true;
		else if (option == OPT_HELP)
			o->help = true;
		else if (option != OPT_THRESHOLD || !str_to_i64(str_of(optarg), 1, ROOTS_PEOPLE_MAX, &o->threshold))
			return data_usage("bank trust", "it does not work like that");
	}
	o->words = argv + optind;
	o->n_words = argc - optind;
	return 0;
}

int cli_bank_trust(int argc, char **argv)
{
	_cleanup_free_ char *data = cli_data_dir();
	struct options o = {.data = data, .threshold = 2};
	const struct command *cmd = NULL;
	struct err err;
	int code = parse(argc, argv, &o);
	if (code || o.help) {
		if (o.help)
			fputs(help, stdout);
		return code;
	}
	for (size_t i = 0; o.n_words && i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, o.words[0]) == 0)
			cmd = &commands[i];
	if (!cmd)
		return data_usage("bank trust", o.n_words ? "there is no such command" : "say what to do: add, list, rotate, …");
	o.words++;
	o.n_words--;
	if (o.n_words < cmd->words_min || o.n_words > cmd->words_max)
		return data_usage("bank trust", "'%s' takes %s", cmd->name, cmd->words_max == 0 ? "no argument" : "an argument");
	return cmd->run(&o, &err) ? 0 : data_fail("bank trust", &err);
}
