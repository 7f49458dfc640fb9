/* assay image: the named images of banks, built from Debian's packages. */
#include "bank/bank.h"
#include "bank/diag.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "proctor/images.h"
#include <stdio.h>
#include <string.h>

static const char help[] =
    "Usage: assay image list|build [OPTIONS] BANK...\n\n"
    "Hands-on tasks run in boxes. Most start from the image 'host', this machine's own programs; a bank may declare others, each\n"
    "a Debian suite and a list of packages. 'list' shows which images the banks declare and which of them are built; 'build'\n"
    "builds those that are not, with mmdebstrap: some hundred megabytes and half a minute each, network needed. Until an\n"
    "image is built, exams whose forms need it are not offered.\n\n"
    "Options:\n"
    "  --data DIR  where images are kept (default: $ASSAY_DATA, or ~/.local/share/assay)\n\n"
    "Exit codes: 0 done; 1 an image could not be built; 2 usage; 3 a bank could not be read.\n";

static bool show(const char *dir, const struct image_spec *spec, const char *bank)
{
	char key[BOX_NAME_MAX + 1], sha256[HASH_HEX_SIZE];
	struct err err;
	image_key(spec, key);
	bool built = image_built(dir, key, sha256, &err);
	printf("%-20s %-16s %-40s %s\n", bank, spec->name, key, built ? sha256 : "not built");
	return true;
}

static bool build(const char *dir, const struct image_spec *spec, const char *bank)
{
	struct err err;
	fprintf(stderr, "assay: image: %s of %s …\n", spec->name, bank);
	if (image_build(dir, spec, &err))
		return show(dir, spec, bank);
	fprintf(stderr, "assay: image: %s of %s: %s\n", spec->name, bank, err.msg);
	return false;
}

static int each(const char *dir, const char *folder, bool (*fn)(const char *, const struct image_spec *, const char *))
{
	_cleanup_bank_ struct bank *bank = NULL;
	struct diags diags = {0};
	struct err err;
	bool ok = bank_load(folder, &diags, &bank, &err);
	diags_finish(&diags); /* what is wrong with its questions is for bank check */
	if (!ok) {
		fprintf(stderr, "assay: image: %s\n", err.msg);
		return 3;
	}
	for (size_t i = 0; i < bank->n_images; i++) {
		struct image_spec spec = image_spec_of(&bank->images[i]);
		ok = fn(dir, &spec, bank->id) && ok;
	}
	return ok ? 0 : 1;
}

int cli_image(int argc, char **argv)
{
	_cleanup_free_ char *data = cli_data_dir();
	const char *dir = data;
	int i = 2, worst = 0;
	for (int k = 1; k < argc; k++)
		if (!strcmp(argv[k], "--help")) {
			fputs(help, stdout);
			return 0;
		}
	bool listing = argc > 1 && !strcmp(argv[1], "list");
	if (!listing && !(argc > 1 && !strcmp(argv[1], "build")))
		return data_usage("image", "list or build is missing");
	if (argc > i + 1 && !strcmp(argv[i], "--data")) {
		dir = argv[i + 1];
		i += 2;
	}
	if (i >= argc || argv[i][0] == '-')
		return data_usage("image", i >= argc ? "which bank?" : "what is '%s'?", argv[i]);
	_cleanup_free_ char *sandbox = xasprintf("%s/sandbox", dir);
	for (; i < argc; i++) {
		int code = each(sandbox, argv[i], listing ? show : build);
		worst = code > worst ? code : worst;
	}
	return worst;
}
