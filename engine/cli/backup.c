/* assay backup: copies everything, while the server runs. */
#include "proctor/backup.h"
#include "cli/cli.h"
#include "cli/data.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay backup [--data DIR] [--with-passphrase] OUT\n\n"
    "Copies the data folder into the new folder OUT: the database as it was at one moment, and the keys. The server may run\n"
    "meanwhile, and is not held up. The copy is checked (integrity, every signature) before it gets its name, so a folder OUT\n"
    "is a whole backup. Nothing is overwritten.\n\n"
    "OUT holds the keys that results and certificates are signed with, sealed, and what forms are drawn with: keep it as safe as\n"
    "the data folder. The passphrase that opens the keys is not in it: keep that elsewhere, because without it the keys are lost.\n\n"
    "Options:\n"
    "  --data DIR          the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n"
    "  --with-passphrase   copy the passphrase from the data folder, too: whoever has OUT can then sign in your name\n\n"
    "Example:\n"
    "  assay backup /backup/assay-$(date +%F)\n";

int cli_backup(int argc, char **argv)
{
	enum { DATA = 256, PASSPHRASE, HELP };
	static const struct option options[] = {{"data", required_argument, NULL, DATA},
	                                        {"with-passphrase", no_argument, NULL, PASSPHRASE},
	                                        {"help", no_argument, NULL, HELP},
	                                        {0}};
	_cleanup_free_ char *data = cli_data_dir();
	const char *dir = data;
	bool passphrase = false;
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option == HELP) {
			fputs(help, stdout);
			return 0;
		}
		if (option == DATA)
			dir = optarg;
		else if (option == PASSPHRASE)
			passphrase = true;
		else
			return data_usage("backup", "the options are not right");
	}
	if (optind + 1 != argc)
		return data_usage("backup", "it takes the folder to make");
	struct backup_summary sum;
	struct err err;
	if (!backup_make(dir, argv[optind], passphrase, &sum, &err))
		return data_fail("backup", &err);
	printf("%s: %lld attempts, %lld signed results, %.1f MB; checked.\n", argv[optind], (long long)sum.attempts, (long long)sum.results,
	       (double)sum.size / 1e6);
	if (sum.kept || sum.missing)
		printf("%lld snapshots and recordings of tasks.\n", (long long)sum.kept);
	if (sum.missing)
		printf("%lld more that the database names are not in the data folder any more, and not in the backup.\n", (long long)sum.missing);
	puts(sum.passphrase ? "The passphrase of the signing keys is in it: whoever has this folder can sign in your name."
	                    : "The signing keys in it are sealed; their passphrase is not in it: keep it elsewhere.");
	return 0;
}
