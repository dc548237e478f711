/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/fee: the information processing fee (art. 42; 国办函〔2020〕109号; D:fees §2), in
 * yuan. */
#ifndef OGID_DOMAIN_FEE_H
#define OGID_DOMAIN_FEE_H

#include "domain/date.h"

/* Fee of the k-th request of an applicant in one calendar month (k from 1). */
int32_t ogi_fee_of_item(int32_t k);
/* Fee of the first n requests of a month together. */
int64_t ogi_fee_of_items(int32_t n);
/* Fee of one request of so many pages (a side of A4 or smaller). */
int64_t ogi_fee_of_pages(int32_t pages);
/* The fee exists for requests received from 2021-01-01. */
bool ogi_fee_applies(struct ogi_date receipt);

#endif
