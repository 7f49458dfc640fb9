/* The tags that mean something on paper. See paper.h. */
#include "pictures/paper.h"

enum element paper_element(const char *tag, const char *class)
{
	static const struct {
		const char *tag, *class; /* class NULL: any */
		enum element what;
	} table[] = {{"title", NULL, E_TITLE},     {"style", NULL, E_STYLE},  {"body", NULL, E_BODY},
	             {"h1", NULL, E_H1},           {"h2", NULL, E_HEADING},   {"h3", NULL, E_HEADING},
	             {"h4", NULL, E_HEADING},      {"h5", NULL, E_HEADING},   {"h6", NULL, E_HEADING},
	             {"section", "q", E_QUESTION}, {"section", "key", E_KEY}, {"div", "room", E_ROOM},
	             {"div", "why", E_INSIDE},     {"div", "case", E_INSIDE}, {"div", NULL, E_DIV},
	             {"p", "n", E_NUMBER},         {"p", NULL, E_P},          {"ul", NULL, E_UL},
	             {"ol", NULL, E_OL},           {"li", NULL, E_LI},        {"blockquote", NULL, E_INSIDE},
	             {"pre", NULL, E_PRE},         {"table", NULL, E_TABLE},  {"tr", NULL, E_TR},
	             {"th", NULL, E_TH},           {"td", NULL, E_TD},        {"hr", NULL, E_HR},
	             {"br", NULL, E_BR},           {"img", NULL, E_IMG},      {"a", NULL, E_A},
	             {"strong", NULL, E_STRONG},   {"em", NULL, E_EM},        {"del", NULL, E_DEL},
	             {"code", NULL, E_CODE},       {"span", "line", E_LINE}};
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].tag, tag) == 0 && (!table[i].class || strcmp(table[i].class, class) == 0))
			return table[i].what;
	return E_OTHER;
}
