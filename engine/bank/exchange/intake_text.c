/* Texts of questions, as several readers need them. See intake.h. */
#include "bank/exchange/intake.h"
#include <math.h>

static void add_regex(const char *pattern, struct buf *out)
{
	for (const char *p = pattern; *p; p++) {
		if (*p == '*') {
			buf_adds(out, ".*");
			continue;
		}
		if (*p == '\\' && p[1] == '*')
			p++;
		if (strchr("\\^$.[]|()?*+{}/", *p))
			buf_addc(out, '\\');
		buf_addc(out, *p);
	}
}

void intake_add_typed(struct plain *q, char *pattern, double credit_m, char *reason)
{
	bool wild = false, escaped = false;
	for (const char *p = pattern; *p; p++) {
		escaped |= *p == '\\' && p[1] == '*';
		wild |= *p == '*' && (p == pattern || p[-1] != '\\');
	}
	if (strcmp(pattern, "*") == 0 || credit_m <= 0) {
		plain_lose(q, strcmp(pattern, "*") == 0 ? "feedback for all other answers is left out"
		                                        : "an answer that is worth nothing is left out");
		free(pattern);
		free(reason);
		return;
	}
	_cleanup_buf_ struct buf text = BUF(strlen(pattern) * 2 + 16);
	if (wild)
		add_regex(pattern, &text);
	for (const char *p = pattern; !wild && *p; p++)
		if (*p != '\\' || p[1] != '*')
			buf_addc(&text, *p);
	(void)escaped;
	free(pattern);
	struct plain_text *t = plain_add_text(&q->texts, buf_take(&text, NULL));
	t->regex = wild;
	t->ignore_case = q->ignore_case;
	t->credit_m = credit_m >= 999.5 ? 1000 : (int)lround(credit_m);
	if (t->credit_m < 1000)
		t->reason = reason;
	else if (reason)
		plain_lose(q, "feedback for a right answer is left out");
	if (t->credit_m >= 1000)
		free(reason);
	if (t->reason && strchr(t->reason, '\n')) {
		plain_lose(q, "feedback of several lines for an answer is written as one");
		for (char *p = t->reason; *p; p++)
			*p = *p == '\n' ? ' ' : *p;
	}
}

void intake_check_typed(struct plain *q)
{
	bool right = false;
	for (size_t i = 0; i < q->texts.n; i++) {
		right |= q->texts.list[i].credit_m >= 1000;
		if (!q->texts.list[i].pattern[0])
			(void)plain_reject(q, "one of its answers is empty");
	}
	if (!right)
		(void)plain_reject(q, "it has no key: no answer is fully right");
}

void intake_explanation(struct intake *in, struct str html)
{
	static const char heading[] = "<h3>References</h3>";
	const char *at = memmem(html.p, html.len, heading, sizeof heading - 1);
	struct str explanation = at ? str_sub(html, 0, (size_t)(at - html.p)) : html;
	plain_set(&in->q->explanation, intake_html(in, explanation, false));
	if (at)
		plain_set(&in->q->references, intake_html(in, str_sub(html, explanation.len + sizeof heading - 1, html.len), false));
}

void intake_rubric(struct plain *q)
{
	plain_set(
	    &q->rubric,
	    xstrdup(
	        "| Criterion | Points | Full marks when |\n|---|---|---|\n| The answer as a whole | 1 | the person who marks it says so |"));
	plain_lose(q, "it says nothing of how it is marked: a rubric of one line is written");
}
