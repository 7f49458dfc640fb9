/* Shared by the commands. See data.h. */
#include "cli/data.h"
#include "cli/plain.h"
#include "proctor/keys.h"
#include <sodium.h>
#include <stdio.h>
#include <termios.h>

static bool open_folder(const struct proctor_config *config, bool may_make, struct proctor **ret, struct err *err)
{
	_cleanup_free_ char *db = xasprintf("%s/assay.db", config->data_dir);
	if (!may_make && access(db, F_OK) != 0)
		return err_set(err, ERR_IO, "%s: %m: is %s a data folder?", db, config->data_dir);
	return proctor_open(config, ret, err);
}

bool data_open(const char *dir, bool may_make, struct proctor **ret, struct err *err)
{
	struct proctor_config config = {.data_dir = dir, .beside = true};
	return open_folder(&config, may_make, ret, err);
}

bool data_open_keys(const char *dir, const char *passphrase_file, bool alone, struct proctor **ret, struct err *err)
{
	struct proctor_config config = {.data_dir = dir, .beside = true, .alone = alone, .passphrase_file = passphrase_file};
	return open_folder(&config, false, ret, err);
}

bool data_change(struct proctor *pr, data_change_fn *change, void *arg, struct err *err)
{
	struct store *wr = proctor_writer_store(pr);
	if (!store_begin(wr, err))
		return false;
	bool ok = change(pr, wr, arg, err);
	if (ok)
		proctor_seal(pr, wr);
	if (ok && store_commit(wr, err))
		return true;
	store_rollback(wr);
	return false;
}

bool data_sign(struct proctor *pr, data_change_fn *change, void *arg, struct err *err)
{
	keys_open_early(pr);
	return data_change(pr, change, arg, err);
}

int data_fail(const char *command, const struct err *err)
{
	fprintf(stderr, "assay: %s: %s\n", command, err->msg);
	return err_exit_code(err->code);
}

int data_usage(const char *command, const char *fmt, ...)
{
	va_list ap;
	fprintf(stderr, "assay: %s: ", command);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nSee assay %s --help.\n", command);
	return 2;
}

static bool read_line(char *out, size_t size, struct err *err)
{
	if (!fgets(out, (int)size, stdin))
		return err_set(err, ERR_USAGE, "no password on the standard input");
	size_t n = strcspn(out, "\r\n");
	if (!out[n] && n + 1 == size)
		return err_set(err, ERR_TOO_LARGE, "the password is too long");
	out[n] = 0;
	return true;
}

static bool ask(const char *prompt, char *out, size_t size, struct err *err)
{
	struct termios before, quiet;
	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return err_set(err, ERR_IO, "cannot turn the echo of the terminal off");
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	fputs(prompt, stderr);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	bool ok = read_line(out, size, err);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	return ok;
}

bool data_password(char *out, size_t size, struct err *err)
{
	char again[512];
	if (!isatty(STDIN_FILENO))
		return read_line(out, size, err);
	if (!ask("Password: ", out, size, err) || !ask("Again: ", again, sizeof again, err))
		return false;
	bool same = strcmp(out, again) == 0;
	sodium_memzero(again, sizeof again);
	return same ? true : err_set(err, ERR_USAGE, "these were two different passwords");
}

bool data_passphrase(const char *prompt, char *out, size_t size, struct err *err)
{
	return isatty(STDIN_FILENO) ? ask(prompt, out, size, err) : read_line(out, size, err);
}

/* ---- Text of others ---- */

void data_print_text(const char *s, const char *indent)
{
	while (*s) {
		size_t n = plain_control(s);
		if (indent && *s == '\n')
			printf("\n%s", indent);
		else if (indent && *s == '\t')
			putchar('\t');
		else
			putchar(n ? '?' : *s);
		s += n ? n : 1;
	}
}
