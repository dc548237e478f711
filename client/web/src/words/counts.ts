// SPDX-License-Identifier: MulanPSL-2.0
export const counts = {} as const
