// SPDX-License-Identifier: MulanPSL-2.0
export const public_ = {} as const
