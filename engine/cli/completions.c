/* assay completions: what a shell needs to complete the program's commands and options, from the table of commands in main.c. */
#include "cli/completions.h"
#include "base/buf.h"
#include <stdio.h>
#include <string.h>

static const char help[] = "assay completions - what a shell needs to complete commands and options\n\n"
                           "Usage: assay completions bash|zsh|fish\n\n"
                           "  bash   source <(assay completions bash)         in ~/.bashrc\n"
                           "  zsh    source <(assay completions zsh)          in ~/.zshrc, behind compinit\n"
                           "  fish   assay completions fish | source          in ~/.config/fish/config.fish\n";

/* Texts of the table hold neither quotes nor backslashes. */
static void bash(const struct cli_command *list, size_t n, struct buf *out)
{
	buf_adds(out, "_assay() {\n  local words=\"\" current=\"${COMP_WORDS[COMP_CWORD]}\"\n  if [ \"$COMP_CWORD\" = 1 ]; then\n    words=\"");
	for (size_t i = 0; i < n; i++)
		if (list[i].summary)
			buf_addf(out, "%s ", list[i].name);
	buf_adds(out, "--help --version\"\n  else\n    case \"${COMP_WORDS[1]}\" in\n");
	for (size_t i = 0; i < n; i++)
		if (list[i].summary)
			buf_addf(out, "      %s) words=\"%s%s%s\" ;;\n", list[i].name, list[i].words ? list[i].words : "", list[i].words ? " " : "",
			         "--help");
	buf_adds(out, "    esac\n  fi\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
	              "  [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n}\n"
	              "complete -o filenames -F _assay assay\n");
}

static void zsh(const struct cli_command *list, size_t n, struct buf *out)
{
	buf_adds(out, "#compdef assay\n_assay() {\n  local -a commands choices\n  commands=(\n");
	for (size_t i = 0; i < n; i++)
		if (list[i].summary)
			buf_addf(out, "    '%s:%s'\n", list[i].name, list[i].summary);
	buf_adds(out, "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n  case $words[2] in\n");
	for (size_t i = 0; i < n; i++)
		if (list[i].summary)
			buf_addf(out, "    %s) choices=(%s --help) ;;\n", list[i].name, list[i].words ? list[i].words : "");
	buf_adds(out, "  esac\n  compadd -- $choices\n  _files\n}\ncompdef _assay assay\n");
}

static void fish(const struct cli_command *list, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!list[i].summary)
			continue;
		buf_addf(out, "complete -c assay -n __fish_use_subcommand -f -a %s -d '%s'\n", list[i].name, list[i].summary);
		struct str rest = str_of(list[i].words ? list[i].words : ""), word;
		while (rest.len && str_next_field(&rest, ' ', &word)) {
			bool option = str_starts(word, "--");
			buf_addf(out, "complete -c assay -n '__fish_seen_subcommand_from %s' %s %.*s\n", list[i].name, option ? "-l" : "-a",
			         (int)(word.len - (option ? 2 : 0)), word.p + (option ? 2 : 0));
		}
	}
}

int completions_print(const struct cli_command *list, size_t n, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(const struct cli_command *list, size_t n, struct buf *out);
	} shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
	_cleanup_buf_ struct buf out = BUF(1u << 20);
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(help, stdout);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(shells) && argc == 2; i++)
		if (strcmp(argv[1], shells[i].name) == 0) {
			shells[i].write(list, n, &out);
			fputs(buf_str(&out).p, stdout);
			return 0;
		}
	fputs("assay completions: for which shell: bash, zsh or fish?\n", stderr);
	return 2;
}
