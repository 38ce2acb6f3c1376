import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { pagePattern } from '../scan.ts'
import { plain } from './digest-text.ts'

/** What the HTML pages of a folder require of its files; paths below the folder, with forward slashes. */
export interface HtmlPages {
  /** The first script of each page: it carries the release. */
  first: Set<string>
  pins: Pin[]
}

/** A tag that names a file and its digests. */
export interface Pin {
  page: string
  path: string
  /** Such as `sha384-…`. */
  digests: string[]
}

const tags = /<(script|link)\b(?:[^>"']|"[^"]*"|'[^']*')*>/gi
const baseTag = /<base\b[^>]*\bhref\s*=\s*["']?([^"'\s>]*)/i

/** Reads the tags of all pages that load scripts and style sheets. */
export async function readHtmlPages(dir: string, files: string[]): Promise<HtmlPages> {
  const found: HtmlPages = { first: new Set(), pins: [] }
  for (const page of files.filter(path => pagePattern.test(path))) {
    const html = await readFile(join(dir, page), 'utf8')
    const base = baseTag.exec(html)?.[1] ?? ''
    let isFirst = true
    for (const [tag, kind = ''] of html.matchAll(tags)) {
      const isScript = kind.toLowerCase() === 'script'
      const path = fileOf(attribute(tag, isScript ? 'src' : 'href'), page, base, files)
      if (path === undefined) continue
      if (isScript && isFirst) found.first.add(path)
      if (isScript) isFirst = false
      const digests = digestsIn(attribute(tag, 'integrity') ?? '').map(plain)
      if (digests.length > 0) found.pins.push({ page, path, digests })
    }
    for (const [url, digests] of importMapDigests(html)) {
      const path = fileOf(url, page, base, files)
      if (path !== undefined) found.pins.push({ page, path, digests })
    }
  }
  return found
}

const importMap = /<script\b[^>]*\btype\s*=\s*["']?importmap\b[^>]*>([\s\S]*?)<\/script/gi

function importMapDigests(html: string): [url: string, digests: string[]][] {
  return [...html.matchAll(importMap)].flatMap(([, json = '']) => {
    try {
      const entries = Object.entries<unknown>(JSON.parse(json).integrity ?? {})
      return entries.map(([url, text]): [string, string[]] => [url, digestsIn(String(text))])
    } catch {
      return [] // Engines pass over what is not JSON too.
    }
  })
}

/** Without the options that may follow each of them. */
function digestsIn(integrity: string): string[] {
  return integrity.split(/\s+/).flatMap(item => item.replace(/\?.*/, '') || [])
}

function attribute(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag)
  return match?.[1] ?? match?.[2] ?? match?.[3]
}

/** A relative URL is one from the page's base; of another, only the end of its path is known: the longest that is a file. */
export function fileOf(url: string | undefined, page: string, base: string, files: string[]): string | undefined {
  if (url === undefined) return undefined
  const path = url.replace(/[?#].*$/, '')
  const below = posix.dirname(page)
  if (!/^(?:[a-z][\w+.-]*:|\/)/i.test(path)) {
    const fromBase = /^(?:[a-z][\w+.-]*:|\/)/i.test(base) ? [] : [posix.join(below, base, path)]
    for (const candidate of [...fromBase, posix.join(below, path)]) if (files.includes(candidate)) return candidate
  }
  const segments = path.split('/').filter(segment => segment !== '' && segment !== '.' && segment !== '..')
  for (let from = 0; from < segments.length; from++) {
    const ending = segments.slice(from).join('/')
    for (const folder of foldersAbove(below)) {
      const candidate = posix.join(folder, ending)
      if (files.includes(candidate)) return candidate
    }
  }
  return undefined
}

/** The folder itself and those above it, up to the one that is sealed. */
function foldersAbove(folder: string): string[] {
  return folder === '.' ? ['.'] : [folder, ...foldersAbove(posix.dirname(folder))]
}
