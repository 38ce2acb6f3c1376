import { h } from './dom.js'
import { excerptView } from './excerpt.js'
import { count, fileName, sourceName } from './format.js'

/** A stack of stored frames, innermost first; the innermost of the app is open. */
export function framesView(frames) {
  if (frames.length === 0) return h('p', { class: 'note' }, 'It came without a stack.')
  const first = Math.max(
    0,
    frames.findIndex(frame => frame.isInApp && excerptOf(frame)),
  )
  return h(
    'ol',
    { class: 'frames' },
    runsOf(frames).map(run =>
      run.length > 2 ? libraryRun(run) : run.map(({ frame, index }) => frameItems(frame, index === first)),
    ),
  )
}

/** Neighbours that are not the app's own stand together. */
function runsOf(frames) {
  const runs = []
  for (const [index, frame] of frames.entries()) {
    const last = runs.at(-1)
    if (last && !frame.isInApp && !last[0].frame.isInApp) last.push({ frame, index })
    else runs.push([{ frame, index }])
  }
  return runs
}

function libraryRun(run) {
  const items = run.map(({ frame }) => frameItems(frame, false))
  const summary = h('summary', {}, `${count(run.length, 'frame')} outside the app`)
  return h('li', { class: 'frame outside' }, h('details', {}, summary, h('ol', { class: 'frames' }, items)))
}

/** A frame, and the calls that it was inlined into, which have none of their own. */
export function frameItems(frame, isOpen) {
  const { inlinedInto = [] } = frame.original ?? {}
  const callers = inlinedInto.map(original => frameItem({ ...frame, original }, false))
  return [frameItem(frame, isOpen), ...callers]
}

function frameItem(frame, isOpen) {
  const excerpt = excerptOf(frame)
  const line = frame.original?.line ?? frame.generated.line
  const title = titleOf(frame)
  const problem = frame.problem && h('p', { class: 'problem' }, `Not read: ${frame.problem}`)
  const label = `Source around line ${line}`
  const body = excerpt
    ? h('details', { open: isOpen }, h('summary', {}, title), problem, excerptView(excerpt, line, label))
    : h('div', { class: 'bare' }, title, problem)
  return h('li', { class: frame.isInApp ? 'frame' : 'frame outside' }, body)
}

function excerptOf({ original, context }) {
  return original ? original.context : context
}

function titleOf({ original, generated }) {
  const name = original?.function ?? generated.function ?? '(anonymous)'
  const place = placeOf(original, generated)
  return [h('span', { class: 'function' }, name), ' ', place && h('span', { class: 'place mono' }, place)]
}

function placeOf(original, generated) {
  const file = original ? sourceName(original.source) : fileName(generated.file ?? '')
  // What V8 calls the file of its own functions.
  if (file === '' || file === '<anonymous>') return undefined
  const { line, column } = original ?? generated
  return [file, line, column === undefined ? undefined : column + 1].filter(part => part !== undefined).join(':')
}
