/* assay certificate: what was issued, and the correction of a name. */
#include "proctor/certificate.h"
#include "cli/cli.h"
#include "cli/data.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay certificate list [--account NAME] [--json]\n"
    "       assay certificate show ID [--json]\n"
    "       assay certificate reissue ID --name NAME|--no-name\n\n"
    "Lists the certificates that were issued, shows one as it was signed (as a file that assay verify reads), or issues one again\n"
    "with another name of its holder, for instance to correct it. The old one is then revoked as superseded and names the new one;\n"
    "dates, score and sharing stay as they were. Holders can do that themselves. assay revoke ends one.\n\n"
    "Options:\n"
    "  --account NAME   of one account\n"
    "  --name NAME      the name to show\n"
    "  --no-name        show no name\n"
    "  --json           as JSON\n"
    "  --data DIR       the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n";

struct arguments {
	char *data;
	const char *verb, *id, *account, *name;
	char new_id[CERTIFICATE_ID_SIZE];
	bool no_name, json, help;
};

static int check(const struct arguments *a)
{
	bool list = a->verb && strcmp(a->verb, "list") == 0, show = a->verb && strcmp(a->verb, "show") == 0,
	     reissue = a->verb && strcmp(a->verb, "reissue") == 0;
	if (!list && !show && !reissue)
		return data_usage("certificate", "list, show or reissue?");
	if (list ? a->id != NULL : !a->id)
		return data_usage("certificate", list ? "what is '%s'?" : "which certificate?", a->id);
	if (!list && a->account)
		return data_usage("certificate", "--account is for list");
	if (reissue ? !a->name == !a->no_name : a->name || a->no_name)
		return data_usage("certificate", reissue ? "either --name or --no-name" : "names are for reissue");
	return 0;
}

static int parse(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, ACCOUNT, NAME, NO_NAME, JSON, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA},
	                                        {"account", required_argument, NULL, ACCOUNT},
	                                        {"name", required_argument, NULL, NAME},
	                                        {"no-name", no_argument, NULL, NO_NAME},
	                                        {"json", no_argument, NULL, JSON},
	                                        {"help", no_argument, NULL, HELP},
	                                        {0}};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case DATA:
			free(a->data);
			a->data = xstrdup(optarg);
			break;
		case ACCOUNT:
			a->account = optarg;
			break;
		case NAME:
			a->name = optarg;
			break;
		case NO_NAME:
			a->no_name = true;
			break;
		case JSON:
			a->json = true;
			break;
		case HELP:
			a->help = true;
			return 0;
		default:
			return data_usage("certificate", "the options are not right");
		}
	}
	a->verb = optind < argc ? argv[optind++] : NULL;
	a->id = optind < argc ? argv[optind++] : NULL;
	if (optind < argc)
		return data_usage("certificate", "what is '%s'?", argv[optind]);
	return check(a);
}

static void print_line(const cJSON *c)
{
	const char *until = json_text(c, "valid_until");
	printf("%s  %-10s  %.10s  %.10s  %-16s  %s", json_text(c, "id"), json_text(c, "state"), json_text(c, "valid_from"),
	       *until ? until : "for good  ", json_text(c, "account"), json_text(c, "exam"));
	if (*json_text(c, "reason"))
		printf("  (%s)", json_text(c, "reason"));
	putchar('\n');
}

static bool list(struct proctor *pr, const struct arguments *a, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(1u << 30);
	_cleanup_json_ cJSON *tree = NULL;
	const cJSON *c, *all, *waiting;
	if (!certificate_all_json(pr, proctor_writer_store(pr), a->account, &out, err))
		return false;
	if (a->json) {
		puts(out.p);
		return true;
	}
	if (!json_parse(buf_str(&out), &tree, err))
		return false;
	all = cJSON_GetObjectItemCaseSensitive(tree, "certificates");
	waiting = cJSON_GetObjectItemCaseSensitive(tree, "waiting");
	cJSON_ArrayForEach(c, all) print_line(c);
	if (cJSON_GetArraySize(all) == 0)
		puts("No certificates were issued.");
	if (cJSON_GetNumberValue(waiting) > 0)
		printf("%g results wait for their certificates: %s\n", cJSON_GetNumberValue(waiting),
		       *json_text(tree, "why") ? json_text(tree, "why") : "the server looks at them when it runs");
	return true;
}

static bool show(struct proctor *pr, const struct arguments *a, struct err *err)
{
	const struct caller who = {.role = ROLE_OPERATOR};
	_cleanup_certificate_public_ struct certificate_public c = {0};
	_cleanup_json_ cJSON *tree = NULL;
	if (!certificate_public(pr, proctor_writer_store(pr), &who, a->id, &c, err))
		return false;
	if (a->json || !isatty(STDOUT_FILENO)) { /* as it was signed */
		fwrite(c.bytes.p, 1, c.bytes.len, stdout);
		putchar('\n');
		return true;
	}
	if (!json_parse(c.bytes, &tree, err))
		return false;
	char *text = cJSON_Print(tree);
	puts(text ? text : "");
	cJSON_free(text);
	return true;
}

static bool rename_it(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct arguments *a = arg;
	return certificate_rename(pr, wr, a->id, a->name, a->new_id, err);
}

static bool reissue(struct proctor *pr, struct arguments *a, struct err *err)
{
	if (!data_sign(pr, rename_it, a, err))
		return false;
	printf("Issued again as %s. The old one is superseded.\n", a->new_id);
	return true;
}

int cli_certificate(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir()};
	struct proctor *pr = NULL;
	struct err err;
	int code = parse(argc, argv, &a);
	if (a.help) {
		fputs(help, stdout);
	} else if (code == 0) {
		bool ok = data_open(a.data, false, &pr, &err);
		if (ok)
			ok = *a.verb == 'l' ? list(pr, &a, &err) : *a.verb == 's' ? show(pr, &a, &err) : reissue(pr, &a, &err);
		code = ok ? 0 : data_fail("certificate", &err);
	}
	proctor_close(pr);
	free(a.data);
	return code;
}
