/* SPDX-License-Identifier: MulanPSL-2.0 */
/* base/template, inside: what reading makes and filling in walks. */
#ifndef OGID_BASE_TEMPLATE_PARTS_H
#define OGID_BASE_TEMPLATE_PARTS_H

#include "base/template.h"

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_SECTION, NODE_INVERTED };

/* `text`: the passage, or the name. `end`: the node after a section. */
struct node {
	enum node_kind kind;
	int line, end;
	const char *text;
	size_t bytes;
	const char *source;
};

struct template_tree {
	struct node *node;
	int count, size;
};

#endif
