/* SPDX-License-Identifier: MulanPSL-2.0 */
/* Any bytes as a body, whole and byte by byte: the same bits either way, names that are names,
 * nothing after a fault, and no more data than there were bytes. */
#include "fuzz.h"

#include "base/json_write.h"
#include "base/text.h"
#include "web/multipart.h"

#include <string.h>
#include <strings.h>

/* What was read, as text: one line a bit, data together. */
static enum multipart_event read_all(
	struct arena *a, const uint8_t *bytes, size_t n, size_t step, struct buf *told)
{
	struct multipart *m = multipart_new(a, "multipart/form-data; boundary=XX");
	enum multipart_event e = MULTIPART_MORE;
	struct multipart_bit bit;
	size_t at = 0, data = 0;
	bool ended = false;
	must(m != NULL);
	while (at < n && e != MULTIPART_FAULT) {
		size_t take = n - at < step ? n - at : step;
		multipart_feed(m, (const char *)bytes + at, take);
		at += take;
		while ((e = multipart_next(m, &bit)) != MULTIPART_MORE &&
			e != MULTIPART_FAULT) {
			must(!ended);
			data += bit.bytes;
			if (e == MULTIPART_DATA)
				buf_add(told, bit.data, bit.bytes);
			else
				buf_print(told, "\n%d %s %s\n", (int)e,
					bit.name != NULL ? bit.name : "",
					bit.filename != NULL ? bit.filename : "");
			if (e == MULTIPART_PART) {
				size_t size = strlen(bit.name);
				must(size > 0 && size <= MULTIPART_NAME);
				must(text_characters(bit.name, size) > 0);
			}
			ended = e == MULTIPART_END;
		}
	}
	must(data <= n);
	if (e == MULTIPART_FAULT)
		must(multipart_next(m, &bit) == MULTIPART_FAULT);
	return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct buf whole = { 0 }, single = { 0 };
	enum multipart_event one = read_all(a, bytes, n, n + 1, &whole);
	enum multipart_event two = read_all(a, bytes, n, 1, &single);
	must(one == two && whole.used == single.used);
	must(whole.used == 0 || memcmp(whole.data, single.data, whole.used) == 0);
	/* the rest of the bytes as a Content-Type */
	char *type = arena_bytes(a, bytes, n);
	struct multipart *m = multipart_new(a, type);
	must(m == NULL || strncasecmp(type, "multipart/form-data", 19) == 0);
	buf_clear(&whole);
	buf_clear(&single);
	arena_free(a);
	return 0;
}
