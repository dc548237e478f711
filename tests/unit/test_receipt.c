/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/receipt: every channel under both regimes (contract-cases §3) and the examples of
 * D:deadlines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "domain/receipt.h"
#include "workdays.h"

/* clang-format off */
static const struct {
	enum ogi_channel channel;
	enum ogi_via via;
	const char *arrived, *signed_for, *confirmed, *receipt;
	bool by_confirmation;
} rows[] = {
	/* R2019 */
	{ OGI_IN_PERSON, OGI_VIA_NONE, "2025-03-08", "", "", "2025-03-08", false },
	{ OGI_LETTER, OGI_MAIL_SIGNED, "2025-03-07", "2025-03-10", "", "2025-03-10", false },
	{ OGI_LETTER, OGI_MAIL_SIGNED, "2025-03-07", "", "2025-03-11", "", false },
	{ OGI_LETTER, OGI_MAIL_ORDINARY, "2025-03-07", "2025-03-07", "2025-03-10", "2025-03-10", true },
	{ OGI_LETTER, OGI_MAIL_ORDINARY, "2025-03-07", "2025-03-07", "", "", true },
	{ OGI_ONLINE, OGI_PORTAL, "2025-03-08", "", "2025-03-10", "2025-03-08", false },
	{ OGI_ONLINE, OGI_WEB_FORM, "2025-03-08", "", "2025-03-10", "2025-03-10", true },
	{ OGI_ONLINE, OGI_WEB_FORM, "2025-03-08", "", "", "", true },
	{ OGI_ONLINE, OGI_EMAIL, "2025-03-08", "", "2025-03-10", "2025-03-10", true },
	{ OGI_ONLINE, OGI_EMAIL, "2025-03-08", "", "", "", true },
	{ OGI_FAX, OGI_VIA_NONE, "2025-03-08", "", "2025-03-10", "2025-03-10", true },
	{ OGI_FAX, OGI_VIA_NONE, "2025-03-08", "", "", "", true },
	/* R2008 */
	{ OGI_IN_PERSON, OGI_VIA_NONE, "2017-09-25", "", "", "2017-09-25", false },
	{ OGI_LETTER, OGI_MAIL_SIGNED, "2017-09-25", "2017-09-26", "", "2017-09-26", false },
	{ OGI_LETTER, OGI_MAIL_ORDINARY, "2017-09-25", "", "2017-09-27", "2017-09-27", true },
	{ OGI_ONLINE, OGI_PORTAL, "2011-06-01", "", "", "2011-06-01", false }, /* example 1 */
	{ OGI_ONLINE, OGI_WEB_FORM, "2017-09-25", "", "2017-09-26", "2017-09-26", true },
	{ OGI_ONLINE, OGI_EMAIL, "2017-09-25", "", "", "2017-09-25", false },
	{ OGI_ONLINE, OGI_EMAIL, "2017-09-25", "", "2017-09-28", "2017-09-25", false },
	{ OGI_FAX, OGI_VIA_NONE, "2017-09-25", "", "2017-09-26", "2017-09-26", true },
	/* the last and the first day: an e-mail is read under the regime it came in */
	{ OGI_ONLINE, OGI_EMAIL, "2019-05-14", "", "2019-05-16", "2019-05-14", false },
	{ OGI_ONLINE, OGI_EMAIL, "2019-05-15", "", "2019-05-16", "2019-05-16", true },
	/* examples 12, 14, 15, 17, 27 */
	{ OGI_IN_PERSON, OGI_VIA_NONE, "2020-01-19", "", "", "2020-01-19", false },
	{ OGI_ONLINE, OGI_PORTAL, "2024-02-12", "", "", "2024-02-12", false },
	{ OGI_ONLINE, OGI_WEB_FORM, "2024-02-12", "", "2024-02-18", "2024-02-18", true },
	{ OGI_LETTER, OGI_MAIL_SIGNED, "2024-09-14", "2024-09-14", "", "2024-09-14", false },
	{ OGI_ONLINE, OGI_PORTAL, "2025-03-08", "", "", "2025-03-08", false },
	{ OGI_ONLINE, OGI_PORTAL, "2021-11-24", "", "2021-12-02", "2021-11-24", false },
	/* arrival unknown: read as of today's Regulations */
	{ OGI_ONLINE, OGI_EMAIL, "", "", "2025-03-10", "2025-03-10", true },
	/* no via: the channel's own; a via of another channel: nothing */
	{ OGI_LETTER, OGI_VIA_NONE, "2025-03-07", "2025-03-10", "", "2025-03-10", false },
	{ OGI_ONLINE, OGI_VIA_NONE, "2025-03-07", "", "2025-03-10", "2025-03-10", true },
	{ OGI_IN_PERSON, OGI_PORTAL, "2025-03-07", "2025-03-07", "2025-03-07", "", false },
	{ OGI_FAX, OGI_EMAIL, "2025-03-07", "2025-03-07", "2025-03-07", "", false },
	{ OGI_CHANNEL_NONE, OGI_VIA_NONE, "2025-03-07", "2025-03-07", "2025-03-07", "", false },
};
/* clang-format on */

static void every_channel_has_its_fact(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ogi_date arrived = day(rows[i].arrived);
		struct ogi_date receipt = ogi_receipt_date(rows[i].channel, rows[i].via,
			arrived, day(rows[i].signed_for), day(rows[i].confirmed));
		if (receipt.day != day(rows[i].receipt).day)
			fail_msg("row %zu: day %d", i, receipt.day);
		assert_int_equal(
			ogi_receipt_by_confirmation(rows[i].channel, rows[i].via, arrived),
			rows[i].by_confirmation);
	}
}

static void a_via_belongs_to_one_channel(void **state)
{
	(void)state;
	for (int via = OGI_MAIL_SIGNED; via <= OGI_EMAIL; via++) {
		bool mail = via == OGI_MAIL_SIGNED || via == OGI_MAIL_ORDINARY;
		assert_int_equal(ogi_via_fits(OGI_LETTER, (enum ogi_via)via), mail);
		assert_int_equal(ogi_via_fits(OGI_ONLINE, (enum ogi_via)via), !mail);
		assert_false(ogi_via_fits(OGI_IN_PERSON, (enum ogi_via)via));
		assert_false(ogi_via_fits(OGI_FAX, (enum ogi_via)via));
		assert_false(ogi_via_fits(OGI_CHANNEL_NONE, (enum ogi_via)via));
	}
	for (int channel = OGI_IN_PERSON; channel <= OGI_FAX; channel++) {
		enum ogi_via via = ogi_default_via((enum ogi_channel)channel);
		assert_true(ogi_via_fits((enum ogi_channel)channel, via));
	}
	assert_int_equal(ogi_default_via(OGI_LETTER), OGI_MAIL_SIGNED);
	assert_int_equal(ogi_default_via(OGI_ONLINE), OGI_WEB_FORM);
	assert_int_equal(ogi_default_via(OGI_FAX), OGI_VIA_NONE);
	assert_int_equal(ogi_default_via(OGI_CHANNEL_NONE), OGI_VIA_NONE);
}

static void a_regime_is_chosen_by_the_day(void **state)
{
	(void)state;
	assert_int_equal(ogi_regime_on((struct ogi_date){ 0 }), OGI_REGIME_NONE);
	assert_int_equal(ogi_regime_on(day("2008-04-30")), OGI_REGIME_NONE);
	assert_int_equal(ogi_regime_on(day("2008-05-01")), OGI_R2008);
	assert_int_equal(ogi_regime_on(day("2019-05-14")), OGI_R2008);
	assert_int_equal(ogi_regime_on(day("2019-05-15")), OGI_R2019);
	for (int r = OGI_R2008; r <= OGI_R2019; r++)
		assert_int_equal(ogi_regime_on(ogi_regimes[r].valid_from), r);
	assert_int_equal(ogi_regime_on(ogi_regimes[OGI_R2008].valid_to), OGI_R2008);
}

static void codes_stand_at_their_values(void **state)
{
	(void)state;
	static const char *const channels[] = { "", "in_person", "online", "letter", "fax" };
	static const char *const vias[] = { "", "mail_signed", "mail_ordinary", "portal",
		"form", "email" };
	for (int i = 0; i <= OGI_FAX; i++)
		assert_string_equal(ogi_channels[i].code, channels[i]);
	for (int i = 0; i <= OGI_EMAIL; i++)
		assert_string_equal(ogi_vias[i].code, vias[i]);
	assert_int_equal(code_count(ogi_channels), OGI_FAX + 1);
	assert_int_equal(code_count(ogi_vias), OGI_EMAIL + 1);
	assert_int_equal(code_count(ogi_regimes), OGI_R2019 + 1);
	assert_int_equal(code_find(ogi_regimes, "R2019"), OGI_R2019);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_channel_has_its_fact),
		cmocka_unit_test(a_via_belongs_to_one_channel),
		cmocka_unit_test(a_regime_is_chosen_by_the_day),
		cmocka_unit_test(codes_stand_at_their_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
