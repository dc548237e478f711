/* SPDX-License-Identifier: MulanPSL-2.0 */
/* domain/identity: check digits of resident identity numbers (GB 11643) and unified social
 * credit codes (GB 32100). */
#include "domain/judge.h"

#include <string.h>

enum { LENGTH = 18 };

/* GB 11643: ISO 7064 MOD 11-2 over 17 digits. */
static bool resident_fits(const char *s)
{
	static const int weight[LENGTH - 1] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8,
		4, 2 };
	static const char check[] = "10X98765432";
	if (strlen(s) != LENGTH)
		return false;
	int sum = 0;
	for (int i = 0; i < LENGTH - 1; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		sum += (s[i] - '0') * weight[i];
	}
	char last = s[LENGTH - 1], wanted = check[sum % 11];
	return last == wanted || (last == 'x' && wanted == 'X');
}

/* GB 32100: weights 3^i mod 31 over an alphabet without I, O, S, V, Z. */
static bool credit_fits(const char *s)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	if (strlen(s) != LENGTH)
		return false;
	int sum = 0, weight = 1;
	for (int i = 0; i < LENGTH - 1; i++) {
		const char *at = strchr(alphabet, s[i]);
		if (at == NULL)
			return false;
		sum += (int)(at - alphabet) * weight;
		weight = weight * 3 % 31;
	}
	return s[LENGTH - 1] == alphabet[(31 - sum % 31) % 31];
}

bool identity_fits(int32_t id_kind, const char *number)
{
	if (number == NULL)
		return true;
	if (id_kind == OGI_RESIDENT_ID)
		return resident_fits(number);
	if (id_kind == OGI_CREDIT_CODE)
		return credit_fits(number);
	return true;
}
