/* SPDX-License-Identifier: MulanPSL-2.0 */
/*
 * ogi watch: prints changes of cases as they come, a line each, until it is interrupted. A
 * stream that breaks off is asked for again where it stood.
 */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAUSE_SECONDS = 2, LINE_MOST = 64 * 1024 };

/* clang-format off */
static const struct flag flags[] = {
	{ "json", FLAG_SWITCH, NULL, false, "print each change as a line of JSON", "每个变化输出一行 JSON" },
	{ 0 },
};
/* clang-format on */

/* Lines of server-sent events while they arrive. */
struct watch {
	struct client *client;
	bool json;
	char *line; /* not whole yet */
	size_t used;
	char *name, *data, *last; /* of the present event; last id */
};

static const char *text_of(const json_t *change, const char *name)
{
	const char *text = json_string_value(json_object_get(change, name));
	return text != NULL ? text : "-";
}

static void print_change(struct watch *w)
{
	json_t *change = json_loads(w->data, 0, NULL);
	if (w->json)
		print_json(&w->client->screen, w->data);
	else
		print_text(stdout, "%s:%s  %s  %s  %s\n", text_of(change, "org"),
			json_is_string(json_object_get(change, "number"))
				? text_of(change, "number")
				: text_of(change, "id"),
			text_of(change, "status"), text_of(change, "due_on"),
			text_of(change, "light"));
	fflush(stdout);
	json_decref(change);
}

static void end_event(struct watch *w)
{
	if (w->name != NULL && w->data != NULL && strcmp(w->name, "case") == 0)
		print_change(w);
	else if (w->name != NULL && strcmp(w->name, "reset") == 0)
		complain("%s",
			pick(w->client->screen.language, "some changes may have been missed",
				"可能遗漏了部分变化"));
	free(w->name);
	free(w->data);
	w->name = w->data = NULL;
}

static void keep(char **field, const char *value)
{
	free(*field);
	*field = must(strdup(value));
}

static void take_line(struct watch *w, const char *line)
{
	if (*line == '\0')
		end_event(w);
	else if (strncmp(line, "id: ", 4) == 0)
		keep(&w->last, line + 4);
	else if (strncmp(line, "event: ", 7) == 0)
		keep(&w->name, line + 7);
	else if (strncmp(line, "data: ", 6) == 0)
		keep(&w->data, line + 6);
}

static bool take(void *arg, const char *bytes, size_t size)
{
	struct watch *w = arg;
	for (size_t i = 0; i < size; i++) {
		if (w->used == LINE_MOST - 1)
			return false;
		w->line[w->used++] = bytes[i];
		if (bytes[i] != '\n')
			continue;
		w->line[w->used - 1] = '\0';
		w->used = 0;
		take_line(w, w->line);
	}
	return true;
}

static enum ending watch_once(struct client *c, struct watch *w, bool first)
{
	char *last = w->last != NULL ? must(strdup(w->last)) : NULL;
	struct answer answer;
	struct request r = { .method = "GET",
		.path = "/v1/stream",
		.last_event = last,
		.take = take,
		.take_arg = w };
	/* Only the first failure is told: afterwards it waits for the server. */
	enum ending ending = first ? client_ask(c, &r, &answer)
				   : transport_send(c->transport, &c->session, &r, &answer);
	if (answer.status == 503)
		ending = UNREACHABLE;
	if (!first && ending == FORBIDDEN)
		complain("%s", pick(c->screen.language, "the session has ended", "登录已失效"));
	answer_clear(&answer);
	free(last);
	w->used = 0;
	free(w->name);
	free(w->data);
	w->name = w->data = NULL;
	return ending;
}

static enum ending run(struct client *c, struct args *args)
{
	struct watch w = {
		.client = c, .json = args_switch(args, "json"), .line = must(malloc(LINE_MOST))
	};
	enum ending ending = watch_once(c, &w, true);
	/* Who was never let in stops; who was, comes back. */
	while (ending == DONE || (ending == UNREACHABLE && w.last != NULL)) {
		sleep(PAUSE_SECONDS);
		ending = watch_once(c, &w, false);
	}
	free(w.line);
	free(w.last);
	return ending;
}

const struct command cmd_watch = {
	.name = "watch",
	.en = "print changes as they come",
	.zh = "实时显示变化",
	.flags = flags,
	.run = run,
};
