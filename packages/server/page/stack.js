import { get, post } from './api.js'
import { announce, h } from './dom.js'
import { count } from './format.js'
import { frameItems } from './frames.js'

const EXAMPLE = `TypeError: Cannot read properties of undefined
    at t (https://shop.example/assets/index-B4qQsVP_.js:1:1134)`

/** Paste a stack, read it in original frames. */
export async function stackView(_, signal) {
  const { builds } = await get('builds', signal)
  const releases = [...new Set(builds.flatMap(({ release }) => release?.name ?? []))]
  const text = h('textarea', { id: 'text', rows: '12', spellcheck: 'false', required: true, placeholder: EXAMPLE })
  const release = h('input', { id: 'release', list: 'releases', autocomplete: 'off', placeholder: 'Any' })
  const result = h('section', { class: 'result', 'aria-labelledby': 'result', hidden: true })
  const read = async event => {
    event?.preventDefault()
    const name = release.value.trim()
    try {
      const { lines, notes } = await post('symbolicate', { stack: text.value, ...(name && { release: name }) }, signal)
      result.replaceChildren(h('h2', { id: 'result' }, verdictOf(lines)), ...notes.map(note), resultView(lines))
      announce(verdictOf(lines))
    } catch (cause) {
      if (signal.aborted) return
      result.replaceChildren(h('h2', { id: 'result' }, 'That did not work'), note(cause.message))
      announce(cause.message)
    }
    result.hidden = false
  }
  text.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) read()
  })
  return h(
    'section',
    { class: 'single' },
    h('header', {}, h('h1', { tabindex: '-1' }, 'Read a stack')),
    h(
      'form',
      { class: 'stack', onsubmit: read },
      h('label', { for: 'text' }, 'Stack, as the browser or the log printed it'),
      text,
      h(
        'div',
        { class: 'row' },
        h('label', { for: 'release' }, 'Release'),
        release,
        h(
          'datalist',
          { id: 'releases' },
          releases.map(value => h('option', { value })),
        ),
        h('button', {}, 'Read it'),
      ),
    ),
    result,
  )
}

function note(text) {
  return h('p', { class: 'note' }, text)
}

function verdictOf(lines) {
  const read = lines.filter(({ kind }) => kind === 'original').length
  const all = lines.filter(({ kind }) => kind === 'original' || kind === 'unresolved').length
  return all === 0 ? 'There is no frame of a script in it' : `${read} of ${count(all, 'frame')} read`
}

/** Lines that are not frames stay between them as they came. */
function resultView(lines) {
  let isFirst = true
  const items = lines.map(line => {
    if (line.kind === 'text' || line.kind === 'native') {
      return line.raw.trim() && h('li', { class: `line ${line.kind}` }, h('pre', {}, line.raw))
    }
    const isOwn = line.kind === 'original' && !line.original.isIgnored
    const items = frameItems(frameOf(line), isOwn && isFirst)
    if (isOwn) isFirst = false
    return items
  })
  return h('ol', { class: 'frames' }, items)
}

function frameOf({ kind, frame, original, message }) {
  const { url, ...position } = frame
  const generated = { ...position, file: url }
  if (kind === 'unresolved') return { generated, problem: message, isInApp: true }
  return { generated, original, isInApp: !original.isIgnored }
}
