// SPDX-License-Identifier: MulanPSL-2.0
// A .vue file is a component.
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent<object, object, unknown>
  export default component
}
