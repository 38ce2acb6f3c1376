import { hierarchy, treemap as treemapLayout } from './d3-hierarchy.js'
import { h, svg } from './dom.js'
import { count, percent, size, sourceName } from './format.js'

const GAP = 2
const LABEL = 18
/** Above the sources of a script. */
const TITLE = 24
const LETTER = 7.3
const hatch = svg(
  'pattern',
  { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
  svg('rect', { class: 'hatch', width: 2, height: 7 }),
)

/**
 * A build's scripts by size, with the sources that they are made of; those that do not decode stand out by colour and by hatching. For those who see; the table
 * beside it says the same.
 *
 * @param {(script: object) => void} onPick
 * @param {(script: object) => Promise<object[]>} sourcesOf
 */
export function treemap(scripts, onPick, sourcesOf) {
  /** By the index of the script. */
  const sources = new Map()
  const caption = h('figcaption', {})
  const rest = legend(scripts)
  caption.replaceChildren(...rest)
  const picture = svg('svg', { class: 'treemap', role: 'img', 'aria-label': summary(scripts) })
  const draw = () => {
    const width = picture.clientWidth
    if (width === 0) return
    const height = Math.round(Math.min(380, Math.max(240, width * 0.4)))
    picture.setAttribute('viewBox', `0 0 ${width} ${height}`)
    picture.setAttribute('height', height)
    picture.replaceChildren(svg('defs', {}, hatch), ...layOut(scripts, sources, width, height).map(folderView))
  }
  const scriptAt = event => scripts[event.target.closest?.('[data-script]')?.dataset.script]
  picture.addEventListener('pointerover', event => {
    const script = scriptAt(event)
    const source = event.target.closest?.('[data-source]')?.dataset.source
    const text = script && (source ? `${source} in ${script.path}` : described(script))
    caption.replaceChildren(...(text ? [h('span', { class: 'mono' }, text)] : rest))
  })
  picture.addEventListener('pointerleave', () => caption.replaceChildren(...rest))
  picture.addEventListener('click', event => {
    const script = scriptAt(event)
    if (script) onPick(script)
  })
  new ResizeObserver(draw).observe(picture)
  void loadSources()
  return h('figure', {}, picture, caption)

  /** Of the largest scripts, one after the other. What cannot be read stays one tile. */
  async function loadSources() {
    const largest = [...scripts.entries()].filter(([, { problem }]) => !problem)
    largest.sort(([, one], [, other]) => other.bytes - one.bytes)
    for (const [index, script] of largest.slice(0, MOST_SPLIT)) {
      const found = await sourcesOf(script).catch(() => [])
      if (found.length < 2) continue
      sources.set(index, found)
      draw()
    }
  }
}

/** Scripts whose sources are shown. */
const MOST_SPLIT = 20

/** One node for each folder, whose children are its scripts. Each has its box: `x0`, `y0`, `x1` and `y1`. */
function layOut(scripts, sources, width, height) {
  const folders = new Map()
  for (const [index, script] of scripts.entries()) {
    const folder = folderOf(script.path)
    folders.set(folder, [...(folders.get(folder) ?? []), nodeOf(script, index, sources.get(index))])
  }
  const children = [...folders].map(([folder, children]) => ({ folder, children }))
  const root = hierarchy({ children })
    .sum(({ bytes = 0 }) => bytes)
    .sort((one, other) => other.value - one.value)
  const layout = treemapLayout()
    .size([width, height])
    .paddingTop(node => (hasLabel(node) ? LABEL : node.data.script && node.children ? TITLE : 0))
    .paddingInner(node => (node.data.script ? 1 : 0))
    .paddingRight(edgeOf)
    .paddingBottom(edgeOf)
    .paddingLeft(edgeOf)
  return layout(root).children
}

/** Around the sources of a script. */
function edgeOf({ data, children }) {
  return data.script && children ? 2 * GAP : 0
}

/** A script with its sources, which together are as large as it is. */
function nodeOf(script, index, sources) {
  const bytes = Math.max(1, script.bytes)
  if (!sources) return { script, index, bytes }
  const all = sources.reduce((sum, { size }) => sum + size, 0)
  const children = sources.map(({ source, size }) => ({
    source: source ? sourceName(source) : 'the bundler’s own code',
    bytes: (size / all) * bytes,
  }))
  return { script, index, children }
}

/** A folder that has room for it, unless it is the only one. */
function hasLabel({ depth, parent, x0, y0, x1, y1 }) {
  return depth === 1 && parent.children.length > 1 && y1 - y0 > 3 * LABEL && x1 - x0 > 60
}

function folderView(node) {
  const { data, x0, y0, x1, children } = node
  const label = cut(`${data.folder}/`, x1 - x0)
  const title = hasLabel(node) && svg('text', { class: 'folder', x: x0 + GAP, y: y0 + 13 }, label)
  return svg('g', {}, title, children.map(tileView))
}

function boxOf({ x0, y0, x1, y1 }, gap) {
  return {
    x: x0 + gap / 2,
    y: y0 + gap / 2,
    width: Math.max(0.5, x1 - x0 - gap),
    height: Math.max(0.5, y1 - y0 - gap),
    rx: Math.min(3, (x1 - x0) / 4, (y1 - y0) / 4),
  }
}

function tileView(node) {
  const { data, children } = node
  const { script, index } = data
  const box = boxOf(node, GAP)
  const texts = labelsOf(script, box)
  const isSplit = children && box.width > 3 * TITLE && box.height > 2 * TITLE
  return svg(
    'g',
    { class: script.problem ? 'tile broken' : 'tile', 'data-script': index },
    svg('rect', box),
    script.problem && svg('rect', { ...box, class: 'over', fill: 'url(#hatch)' }),
    isSplit
      ? svg('text', { x: box.x + 7, y: box.y + 17 }, cut(texts.join(', '), box.width - 12))
      : texts.map((text, row) => svg('text', { x: box.x + 7, y: box.y + 17 + row * 16 }, text)),
    isSplit && children.map(sourceView),
  )
}

function sourceView(node) {
  const box = boxOf(node, 0)
  const { source, bytes } = node.data
  const name = source.slice(source.lastIndexOf('/') + 1)
  const hasRoom = box.width > 40 && box.height > 18
  return svg(
    'g',
    { class: 'source', 'data-source': `${source}, ${size(bytes)}` },
    svg('rect', box),
    hasRoom && svg('text', { x: box.x + 5, y: box.y + 14 }, cut(name, box.width - 8)),
  )
}

/** As many lines as there is room for. */
function labelsOf(script, { width, height }) {
  if (width < 48 || height < 22) return []
  const name = script.path.slice(script.path.lastIndexOf('/') + 1)
  const lines = [name, size(script.bytes), ...(script.problem ? ['does not decode'] : [])]
  return lines.slice(0, Math.floor((height - 6) / 16)).map(line => cut(line, width - 12))
}

function cut(text, width) {
  const letters = Math.floor(width / LETTER)
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`
}

function folderOf(path) {
  const end = path.lastIndexOf('/')
  return end < 0 ? '.' : path.slice(0, end)
}

function described({ path, bytes, problem }) {
  return `${path}, ${size(bytes)}: ${problem ? `does not decode, ${problem}` : 'decodes'}`
}

function summary(scripts) {
  const broken = scripts.filter(script => script.problem)
  const all = sum(scripts)
  if (broken.length === 0) return `Treemap: all ${count(scripts.length, 'script')} decode, ${size(all)}.`
  const names = broken.slice(0, 5).map(({ path }) => path)
  const more = broken.length > 5 ? ` and ${broken.length - 5} more` : ''
  return `Treemap: ${broken.length} of ${count(scripts.length, 'script')} do not decode, ${percent(sum(broken), all)} of ${size(all)}: ${names.join(', ')}${more}. The table below names all.`
}

function sum(scripts) {
  return scripts.reduce((bytes, script) => bytes + script.bytes, 0)
}

function legend(scripts) {
  const isBroken = scripts.some(script => script.problem)
  return [
    h('span', { class: 'key' }, h('i', { class: 'swatch' }), 'decodes'),
    isBroken && h('span', { class: 'key' }, h('i', { class: 'swatch broken' }), 'does not decode'),
    h('span', { class: 'key' }, 'Area is size as shipped, by script and source'),
  ].filter(Boolean)
}
