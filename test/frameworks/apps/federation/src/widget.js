import { half } from './half.js'
export function show() {
  throw new Error('boom ' + half(4))
}
