/* assay revoke: the end of a certificate, or a pause of it. */
#include "cli/cli.h"
#include "cli/data.h"
#include "proctor/certificate.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay revoke ID --reason TEXT\n"
    "       assay revoke ID --suspend --reason TEXT\n"
    "       assay revoke ID --resume\n\n"
    "Revokes a certificate, for good. With --suspend it is not valid until --resume. A running server says so in its status list at\n"
    "once; verifiers that have a copy of it notice when that runs out, after a day at most. The reason is shown to the holder.\n"
    "assay certificate list gives the ids.\n\n"
    "Options:\n"
    "  --reason TEXT   why: at most 400 bytes\n"
    "  --suspend       not for good\n"
    "  --resume        ends a suspension\n"
    "  --data DIR      the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n";

struct arguments {
	char *data;
	const char *id, *reason;
	bool suspend, resume, help;
};

static int parse(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, REASON, SUSPEND, RESUME, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA}, {"reason", required_argument, NULL, REASON},
	                                        {"suspend", no_argument, NULL, SUSPEND}, {"resume", no_argument, NULL, RESUME},
	                                        {"help", no_argument, NULL, HELP},       {0}};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case DATA:
			free(a->data);
			a->data = xstrdup(optarg);
			break;
		case REASON:
			a->reason = optarg;
			break;
		case SUSPEND:
			a->suspend = true;
			break;
		case RESUME:
			a->resume = true;
			break;
		case HELP:
			a->help = true;
			return 0;
		default:
			return data_usage("revoke", "the options are not right");
		}
	}
	a->id = optind < argc ? argv[optind++] : NULL;
	if (optind < argc)
		return data_usage("revoke", "what is '%s'?", argv[optind]);
	if (!a->id)
		return data_usage("revoke", "which certificate?");
	if (a->suspend && a->resume)
		return data_usage("revoke", "--suspend and --resume are opposites");
	if (a->resume ? a->reason != NULL : !a->reason)
		return data_usage("revoke", a->resume ? "--resume takes no --reason" : "a --reason is needed: the holder will ask for it");
	return 0;
}

static bool change(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	const struct arguments *a = arg;
	enum certificate_state state = a->resume ? CERTIFICATE_VALID : a->suspend ? CERTIFICATE_SUSPENDED : CERTIFICATE_REVOKED;
	return certificate_set_status(pr, wr, a->id, state, a->reason, err);
}

int cli_revoke(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir()};
	struct proctor *pr = NULL;
	struct err err;
	int code = parse(argc, argv, &a);
	if (a.help) {
		fputs(help, stdout);
	} else if (code == 0) {
		if (data_open(a.data, false, &pr, &err) && data_change(pr, change, &a, &err))
			puts(a.resume ? "The suspension is over: the certificate is valid again." : a.suspend ? "Suspended." : "Revoked.");
		else
			code = data_fail("revoke", &err);
	}
	proctor_close(pr);
	free(a.data);
	return code;
}
