import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the HTML pages of a folder require of its scripts; paths below the folder, with forward slashes. */
export interface HtmlScripts {
  /** The first script of each page: it carries the release. */
  first: Set<string>
  /** Scripts whose digest a page pins, which must not change. */
  pinned: Set<string>
}

/** Reads the `<script src>` tags of all pages. A URL belongs to the script whose path is its longest ending. */
export async function readHtmlScripts(dir: string, files: string[]): Promise<HtmlScripts> {
  const found: HtmlScripts = { first: new Set(), pinned: new Set() }
  for (const page of files.filter(path => /\.html?$/i.test(path))) {
    const html = await readFile(join(dir, page), 'utf8')
    const tags = [...html.matchAll(/<script\b[^>]*\bsrc\s*=\s*["']?([^"'\s>]+)[^>]*>/gi)]
    const scripts = tags
      .map(([tag, src = '']) => ({ tag, path: pathOf(src, files) }))
      .filter(({ path }) => path !== undefined)
    for (const { tag, path } of scripts) if (/\bintegrity\s*=/i.test(tag)) found.pinned.add(path as string)
    if (scripts[0]) found.first.add(scripts[0].path as string)
  }
  return found
}

function pathOf(src: string, files: string[]): string | undefined {
  const segments = src
    .replace(/[?#].*$/, '')
    .split('/')
    .filter(Boolean)
  for (let from = 0; from < segments.length; from++) {
    const ending = segments.slice(from).join('/')
    if (files.includes(ending)) return ending
  }
  return undefined
}
