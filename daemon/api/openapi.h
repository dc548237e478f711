/* SPDX-License-Identifier: MulanPSL-2.0 */
/* api/openapi: doc/openapi.json as it was when the program was built. */
#ifndef OGID_API_OPENAPI_H
#define OGID_API_OPENAPI_H

#include <stddef.h>

extern const unsigned char openapi_json[];
extern const size_t openapi_json_size;

#endif
