// SPDX-License-Identifier: MulanPSL-2.0
// Words of administration.
export const admin = {
  roles: ['岗位', 'Roles'],
} as const
