/* assay issuer: who certificates say they are from, and how they look. */
#include "bank/diag.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/data.h"
#include "proctor/keys.h"
#include "proctor/picture.h"
#include <getopt.h>
#include <stdio.h>

static const char help[] =
    "Usage: assay issuer check\n"
    "       assay issuer preview FILE.pdf | FILE.png | FILE.svg\n\n"
    "Looks at issuer.yml in the data folder: the issuer's name, address, colours, logo and signers. check says what is wrong with it, at\n"
    "its line and column. preview draws a certificate marked SPECIMEN. A server reads the file when it starts.\n\n"
    "Options:\n"
    "  --paper P     of a PDF: a4 (the default) or letter\n"
    "  --data DIR    the data folder (default: $ASSAY_DATA, or ~/.local/share/assay)\n\n"
    "Exit code: 0 done, 1 issuer.yml has mistakes, 2 usage, 3 could not look.\n";

struct arguments {
	char *data;
	const char *verb, *file;
	enum picture_format format;
	bool letter, help;
};

static int parse_options(int argc, char **argv, struct arguments *a)
{
	enum { DATA = 256, PAPER, HELP };
	static const struct option options[] = {
	    {"data", required_argument, NULL, DATA}, {"paper", required_argument, NULL, PAPER}, {"help", no_argument, NULL, HELP}, {0}};
	optind = 1;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case DATA:
			free(a->data);
			a->data = xstrdup(optarg);
			break;
		case PAPER:
			a->letter = strcmp(optarg, "letter") == 0;
			if (!a->letter && strcmp(optarg, "a4") != 0)
				return data_usage("issuer", "--paper is a4 or letter");
			break;
		case HELP:
			a->help = true;
			return 0;
		default:
			return data_usage("issuer", "the options are not right");
		}
	}
	return 0;
}

static int parse(int argc, char **argv, struct arguments *a)
{
	int code = parse_options(argc, argv, a);
	if (code || a->help)
		return code;
	a->verb = optind < argc ? argv[optind++] : "";
	bool preview = strcmp(a->verb, "preview") == 0;
	if (!preview && strcmp(a->verb, "check") != 0)
		return data_usage("issuer", "check or preview?");
	if (preview && optind < argc)
		a->file = argv[optind++];
	if (preview && !a->file)
		return data_usage("issuer", "preview needs the name of a file to write");
	if (optind < argc)
		return data_usage("issuer", "what is '%s'?", argv[optind]);
	struct str file = str_of(a->file);
	if (preview && str_ends(file, ".png"))
		a->format = PICTURE_PNG;
	else if (preview && str_ends(file, ".svg"))
		a->format = PICTURE_SVG;
	else if (preview && !str_ends(file, ".pdf"))
		return data_usage("issuer", "'%s' ends in neither .pdf, nor .png, nor .svg", a->file);
	else
		a->format = a->letter ? PICTURE_PDF_LETTER : PICTURE_PDF_A4;
	return 0;
}

static bool preview(const struct arguments *a, const struct issuer *issuer, struct err *err)
{
	_cleanup_free_ char *program = cli_beside("assay-picture");
	_cleanup_buf_ struct buf credential = BUF(1 << 20), drawn = BUF(PICTURE_SIZE_MAX);
	picture_specimen(issuer, &credential);
	return picture_draw(program, a->format, buf_str(&credential), "https://assay.example/verify/specimen", &issuer->style, true, &drawn,
	                    err) &&
	       file_write_durable(a->file, buf_str(&drawn), 0644, err);
}

static int run(const struct arguments *a, struct issuer *issuer, struct diags *diags)
{
	struct err err;
	size_t n_fatal = 0;
	_cleanup_buf_ struct buf text = BUF(1 << 20);
	if (!issuer_file(a->data, issuer, diags, &n_fatal, &err))
		return data_fail("issuer", &err);
	diags_sort(diags);
	diags_print(diags, isatty(STDERR_FILENO), &text);
	if (text.len)
		fputs(text.p, stderr);
	if (diags->n_errors)
		return 1;
	issuer_name_default(issuer);
	if (!a->file) {
		printf("%s: %s, %zu signers%s\n", a->data, issuer->name, issuer->style.n_signers, issuer->style.logo.len ? ", a logo" : "");
		return 0;
	}
	return preview(a, issuer, &err) ? 0 : data_fail("issuer", &err);
}

int cli_issuer(int argc, char **argv)
{
	struct arguments a = {.data = cli_data_dir()};
	struct issuer issuer = {0};
	struct diags diags = {0};
	int code = parse(argc, argv, &a);
	if (code == 0 && a.help)
		fputs(help, stdout);
	else if (code == 0)
		code = run(&a, &issuer, &diags);
	issuer_finish(&issuer);
	diags_finish(&diags);
	free(a.data);
	return code;
}
