import { h } from './dom.js'

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** 1000 bytes are a kB, as bundlers print them. */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`
  const [unit, factor] = bytes < 1e6 ? ['kB', 1e3] : ['MB', 1e6]
  const value = bytes / factor
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** Rounded down, so that 100 % is all of it. */
export function percent(part, whole) {
  return whole === 0 ? '0 %' : `${Math.floor((1000 * part) / whole) / 10} %`
}

/** “3 minutes ago”, with the date to be had; `refreshAges` keeps it true. */
export function ago(iso) {
  return h('time', { class: 'age', datetime: iso, title: date(iso) }, ageOf(iso))
}

export function refreshAges() {
  for (const time of document.querySelectorAll('time.age')) time.textContent = ageOf(time.dateTime)
}

function ageOf(iso) {
  const seconds = (Date.now() - Date.parse(iso)) / 1000
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? []
  return unit ? relative.format(-Math.floor(seconds / length), unit) : 'just now'
}

export function date(iso) {
  const time = Date.parse(iso)
  return Number.isNaN(time) ? String(iso) : absolute.format(time)
}

/** The name of a build's release; without one, its time. */
export function releaseName({ release, createdAt }) {
  if (!release) return `Build of ${date(createdAt)}`
  const name = shortName(release.name)
  return release.dist === undefined ? name : `${name} (${release.dist})`
}

/** `main · Round totals`: the branch of a build's commit and its subject; the commit too where the release does not name it. */
export function commitName({ commit, release }) {
  if (!commit) return undefined
  const sha = release?.name.includes(commit.sha) ? undefined : shortName(commit.sha)
  return [sha, commit.branch, commit.subject].filter(Boolean).join(' · ') || undefined
}

/** A commit by its first digits, as Git shows it. */
export function shortName(release) {
  return release.replace(/(?<![\da-f])([\da-f]{7})[\da-f]{33}(?![\da-f])/g, '$1')
}

/** `webpack://shop/./src/cart.ts` and `../../src/cart.ts` are `src/cart.ts`. */
export function sourceName(source) {
  return (
    source.replace(/^(?:webpack|turbopack|rspack):\/\/(?:@[^/]*\/)?[^/]*\//, '').replace(/^(?:\.{0,2}\/)+/, '') ||
    source
  )
}

/** A URL's path, for generated files. */
export function fileName(file) {
  return file.replace(/^[a-z][a-z\d+.-]*:\/\/[^/]*\/?/i, '') || file
}
