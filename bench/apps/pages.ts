import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { APPS } from '../places.ts'

export const sizes = ['S', 'M', 'L'] as const
export type Size = (typeof sizes)[number]

/** A lazily loaded page: its module imports these package entries. */
export interface Page {
  name: string
  imports: string[]
}

const PACKAGES = join(APPS, 'node_modules')
const THREE_FOLDERS = ['controls', 'exporters', 'geometries', 'lines', 'loaders', 'objects', 'postprocessing']
/** An alias of another language is a few hundred bytes and would be a chunk of nothing. */
const SMALLEST_LANGUAGE = 2000

const charts: Page = { name: 'charts', imports: ['plotly.js-dist'] }
const compiler: Page = { name: 'compiler', imports: ['typescript'] }
const scene: Page = { name: 'scene', imports: ['three'] }
const renderer: Page = { name: 'renderer', imports: ['three/webgpu', 'three/tsl'] }
const calculator: Page = { name: 'calculator', imports: ['mathjs'] }

export async function listPages(size: Size): Promise<Page[]> {
  if (size === 'S') return [scene, ...(await highlighters()).slice(0, 24), ...(await dates()).slice(0, 22)]
  const groups = await Promise.all([dates(), highlighters(), ...THREE_FOLDERS.map(addons)])
  const pages = [charts, compiler, scene, renderer, calculator, ...groups.flat()]
  return size === 'M' ? pages : [...pages, ...(await languages())]
}

async function highlighters(): Promise<Page[]> {
  const names = await namesIn('highlight.js/es/languages', '.js')
  return names
    .filter(name => !name.endsWith('.js'))
    .map(name => pageOf('highlight', `highlight.js/lib/languages/${name}`))
}

async function dates(): Promise<Page[]> {
  const names = await namesIn('date-fns/locale', '.js')
  const locales = names.filter(name => name !== 'types' && !name.includes('cdn'))
  return locales.map(name => pageOf('date', `date-fns/locale/${name}`))
}

async function addons(group: string): Promise<Page[]> {
  const names = await namesIn(`three/examples/jsm/${group}`, '.js')
  return names.map(name => pageOf('three', `three/addons/${group}/${name}.js`))
}

async function languages(): Promise<Page[]> {
  const folder = '@shikijs/langs/dist'
  const names = (await namesIn(folder, '.mjs')).filter(name => name !== 'index')
  const sizes = await Promise.all(names.map(name => stat(join(PACKAGES, folder, `${name}.mjs`))))
  const large = names.filter((_, index) => (sizes[index]?.size ?? 0) >= SMALLEST_LANGUAGE)
  return large.map(name => pageOf('language', `@shikijs/langs/${name}`))
}

function pageOf(group: string, path: string): Page {
  return { name: `${group}-${basename(path, '.js')}`, imports: [path] }
}

/** Sorted by code unit, so that no locale changes the order. */
async function namesIn(folder: string, extension: string): Promise<string[]> {
  const entries = await readdir(join(PACKAGES, folder), { withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && entry.name.endsWith(extension))
  return files.map(({ name }) => basename(name, extension)).sort()
}
