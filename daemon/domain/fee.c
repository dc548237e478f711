/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/fee: both tariffs as tables of progressive steps (国办函〔2020〕109号 art. 4, 5). */
#include "domain/fee.h"

enum {
	FREE_ITEMS = 10,
	FIRST_TIER_END = 30, /* 11..30: 100 each; from 31 on tiers of ten, 100 more each */
	TIER = 10,
	STEP = 100,
	FEE_FIRST_DAY = 737791, /* 2021-01-01 */
};

int32_t ogi_fee_of_item(int32_t k)
{
	if (k <= FREE_ITEMS)
		return 0;
	if (k <= FIRST_TIER_END)
		return STEP;
	return STEP * ((k - FIRST_TIER_END - 1) / TIER + 2);
}

int64_t ogi_fee_of_items(int32_t n)
{
	int64_t sum = 0;
	for (int32_t from = FREE_ITEMS + 1; from <= n;) {
		int32_t to = from <= FIRST_TIER_END ? FIRST_TIER_END : from + TIER - 1;
		if (to > n)
			to = n;
		sum += (int64_t)(to - from + 1) * ogi_fee_of_item(from);
		from = to + 1;
	}
	return sum;
}

int64_t ogi_fee_of_pages(int32_t pages)
{
	static const struct {
		int32_t above, yuan;
	} steps[] = { { 200, 40 }, { 100, 20 }, { 30, 10 } };
	int64_t sum = 0;
	for (int i = 0; i < 3; i++) {
		if (pages <= steps[i].above)
			continue;
		sum += (int64_t)(pages - steps[i].above) * steps[i].yuan;
		pages = steps[i].above;
	}
	return sum;
}

bool ogi_fee_applies(struct ogi_date receipt)
{
	return receipt.day >= FEE_FIRST_DAY;
}
