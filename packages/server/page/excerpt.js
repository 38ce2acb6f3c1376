import { h } from './dom.js'
import { highlight } from './highlight.js'

/**
 * Lines of a source, one of them marked.
 *
 * @param {{ firstLine: number, lines: string[] }} excerpt
 * @param {number} line from 1
 */
export function excerptView({ firstLine, lines }, line, label) {
  const rows = lines.map((text, index) => {
    const number = firstLine + index
    const isHit = number === line
    return h(
      'li',
      { class: isHit ? 'hit' : undefined, 'aria-current': isHit && 'location' },
      h('span', { class: 'at' }, String(number)),
      h('code', {}, highlight(text)),
    )
  })
  // It scrolls sideways, so that it must be reachable by keys.
  return h('div', { class: 'excerpt', tabindex: '0', role: 'region', 'aria-label': label }, h('ol', {}, rows))
}
