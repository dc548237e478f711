// SPDX-License-Identifier: MulanPSL-2.0
// Words of the registration.
export const register = {} as const
