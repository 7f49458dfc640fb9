/* assay restore: puts a backup into an empty folder. */
#include "cli/cli.h"
#include "cli/data.h"
#include "proctor/backup.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay restore BACKUP [--data DIR]\n"
    "       assay restore --check BACKUP\n\n"
    "Puts a backup into DIR, which must be empty or missing. The backup is checked first: the hashes of its files, the\n"
    "integrity of the database, and the signature of every result.\n\n"
    "The signing keys are sealed in it. Their passphrase is in the backup only if it was made with --with-passphrase; else put it\n"
    "where the server finds it, see assay serve --help.\n\n"
    "Attempts that were running at the time of the backup go on when the server starts: the time between counts as an\n"
    "outage and is given back.\n\n"
    "Options:\n"
    "  --data DIR   the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n"
    "  --check      only check the backup\n";

int cli_restore(int argc, char **argv)
{
	enum { DATA = 256, CHECK, HELP };
	static const struct option options[] = {
	    {"data", required_argument, NULL, DATA}, {"check", no_argument, NULL, CHECK}, {"help", no_argument, NULL, HELP}, {0}};
	_cleanup_free_ char *data = cli_data_dir();
	const char *dir = data;
	bool check = false;
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(help, stdout);
			return 0;
		}
		if (option == DATA)
			dir = optarg;
		else if (option == CHECK)
			check = true;
		else
			return data_usage("restore", "the options are not right");
	}
	if (optind + 1 != argc)
		return data_usage("restore", "it takes the folder of a backup");
	struct backup_summary sum;
	struct err err;
	if (!(check ? backup_check(argv[optind], &sum, &err) : backup_restore(argv[optind], dir, &sum, &err)))
		return data_fail("restore", &err);
	printf("%s: %lld attempts, %lld signed results, %.1f MB; all is what it was.\n", check ? argv[optind] : dir, (long long)sum.attempts,
	       (long long)sum.results, (double)sum.size / 1e6);
	if (sum.logged)
		printf(
		    "Its log has %lld entries. What the server did after this backup is gone: results, certificates, and also that certificates\n"
		    "were revoked. Revoke them again, and compare with a checkpoint of the log that was kept elsewhere, before the server starts:\n"
		    "assay log check --against FILE. See \"Back in time\" in docs/operators/backup.md.\n",
		    (long long)sum.logged);
	if (!sum.passphrase)
		printf("The signing keys in it are sealed, and their passphrase is not there. Before the server starts, put it into\n%s/passphrase "
		       "(mode "
		       "600), or name its file with --passphrase-file.\n",
		       check ? "DIR" : dir);
	return 0;
}
