/* SPDX-License-Identifier: MulanPSL-2.0 */
/* cli/ask: questions on the terminal (libedit). */
#include "cli/ask.h"

#include "cli/print.h"

#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

bool ask_possible(void)
{
	return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

/* Takes the line over: cut at its end, spaces around it removed; NULL when it is not UTF-8. */
static char *tidy(const char *line, size_t length)
{
	while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL)
		length--;
	for (; length > 0 && (*line == ' ' || *line == '\t'); length--)
		line++;
	return text_is_utf8(line, length) ? must(strndup(line, length)) : NULL;
}

static char *prompt_of(EditLine *el)
{
	void *prompt = NULL;
	el_get(el, EL_CLIENTDATA, &prompt);
	return prompt;
}

char *ask_line(const char *prompt)
{
	char *safe = print_safe(prompt, false);
	EditLine *el = must(el_init("ogi", stdin, stderr, stderr));
	int length = 0;

	el_set(el, EL_CLIENTDATA, safe);
	el_set(el, EL_PROMPT, prompt_of);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_SIGNAL, 1);
	el_set(el, EL_PREP_TERM,
		1); /* before the prompt, or a fast ^D is lost between the two modes */
	const char *line = el_gets(el, &length);
	char *answer = line == NULL || length <= 0 ? NULL : tidy(line, (size_t)length);
	el_end(el);
	free(safe);
	return answer;
}

/* Waits for the line; a signal that wants to end us is left pending for the caller to let
 * through. */
static ssize_t read_line(int signals, char *line, size_t room)
{
	struct pollfd watched[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};
	while (poll(watched, 2, -1) >= 0) {
		if (watched[1].revents != 0)
			return -1;
		if (watched[0].revents != 0)
			return read(STDIN_FILENO, line, room);
	}
	return -1;
}

char *ask_hidden(const char *prompt)
{
	struct termios before;
	sigset_t ending;
	sigset_t mask;
	char line[1024];

	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGQUIT);
	sigaddset(&ending, SIGTSTP); /* waits until the echo is back */
	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return NULL;
	sigprocmask(SIG_BLOCK, &ending, &mask);
	sigdelset(&ending, SIGTSTP);
	int signals = signalfd(-1, &ending, SFD_CLOEXEC);
	struct termios silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	print_text(stderr, "%s", prompt);
	ssize_t got = read_line(signals, line, sizeof line);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	close(signals);
	sigprocmask(SIG_SETMASK, &mask, NULL); /* a pending signal ends us here */
	char *answer = NULL;
	if (got > 0) {
		while (got > 0 && (line[got - 1] == '\n' || line[got - 1] == '\r'))
			got--;
		if (text_is_utf8(line, (size_t)got))
			answer = must(strndup(line, (size_t)got));
	}
	explicit_bzero(line, sizeof line);
	return answer;
}
